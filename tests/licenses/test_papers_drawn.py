"""What a paper looks like to eyes and to readers of its tags, and that it can be drawn again."""

import io
import re

import pytest
from django.urls import reverse
from pypdf import PdfReader

from licenses import documents, services
from licenses.enums import DocumentKind
from licenses.models import LicenseDocument
from tests.factories import make_member
from tests.licenses.papers import TODAY, ask, file_stop, make, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("files")]

LONG = {
    "name": "社会福祉法人髙﨑地域福祉会　居宅介護支援事業所ケアプランセンター髙﨑・渡邉・齋藤ひだまりの丘　東部サテライト",
    "corporation_name": "社会福祉法人 髙﨑地域福祉会（旧称 公益財団法人 齊藤渡邊記念 高齢者福祉振興財団）",
    "address": "鳥取県米子市淀江町佐陀字髙﨑一丁目１２３４番地５６７",
    "building": "ひだまりの丘コミュニティプラザ髙﨑　東館　３階　３０１号室",
}


@pytest.mark.parametrize("kind", list(DocumentKind))
def test_long_names_keep_every_paper_to_one_page(office, kind):
    for name, value in LONG.items():
        setattr(office, name, value)
    office.save()
    file_stop(office, TODAY)
    document = ask(office, kind)
    names = ["居宅介護支援", "定期巡回・随時対応型訪問介護看護", "特定福祉用具販売", "小規模多機能型居宅介護"] * 3
    document.facts["services"] = [f"{name}{number}" for number, name in enumerate(names)]
    paper = documents.render(document)
    assert paper.pages == 1
    assert paper.warnings == ()
    text = "".join(PdfReader(io.BytesIO(paper.pdf)).pages[0].extract_text().split())
    for value in LONG.values():
        assert "".join(value.split()) in text


def structure(reader: PdfReader):
    """Every element of the tag tree with its type, parents first."""
    waiting = [reader.trailer["/Root"]["/StructTreeRoot"]]
    while waiting:
        element = waiting.pop(0)
        if "/S" in element:
            yield str(element["/S"]), element
        children = element.get("/K", [])
        for child in children if isinstance(children, list) else [children]:
            found = child.get_object()
            if hasattr(found, "get"):
                waiting.append(found)


@pytest.mark.parametrize("kind", list(DocumentKind))
def test_readers_of_the_tags_get_the_whole_paper(office, kind):
    """What PDF/UA-1 asks beyond a flag: declared, a heading, every picture named, every font inside."""
    file_stop(office, TODAY)
    reader = PdfReader(io.BytesIO(documents.render(ask(office, kind)).pdf))
    meta = reader.trailer["/Root"]["/Metadata"].get_data().decode()
    assert re.search(r"<pdfuaid:part>\s*1\s*</pdfuaid:part>|pdfuaid:part=.1.", meta)
    assert documents.title(LicenseDocument.objects.get()) in meta
    tags = list(structure(reader))
    kinds = [name for name, _ in tags]
    assert kinds.count("/H1") == 1
    assert "/H2" in kinds
    figures = [element for name, element in tags if name == "/Figure"]
    assert figures
    assert all(str(figure.get("/Alt", "")).strip() for figure in figures)
    page = reader.pages[0]
    assert page["/Tabs"] == "/S"
    for font in page["/Resources"]["/Font"].values():
        inside = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
        assert any(name in inside for name in ("/FontFile2", "/FontFile3"))


def test_a_lost_file_is_drawn_again_by_the_night_and_says_the_same(client, office, django_capture_on_commit_callbacks):
    document = make(office)
    before = text_of(document)
    document.file.unlink()
    client.force_login(make_member(office))
    assert "作り直しています" in client.get(reverse("licenses:document", args=[document.code])).text
    office.name = "あとから変わった名前"
    office.save()
    with django_capture_on_commit_callbacks(execute=True):
        assert services.documents_requeue(now=document.requested_at) == 1
    assert text_of(document) == before
    assert services.documents_requeue(now=document.requested_at) == 0
