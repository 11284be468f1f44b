from faq.models.entries import Entry, Revision, SearchStamp, Topic
from faq.models.learning import AskedQuestion, Feedback
from faq.models.wording import OutsideText, Spelling, WordGroup

__all__ = [
    "AskedQuestion",
    "Entry",
    "Feedback",
    "OutsideText",
    "Revision",
    "SearchStamp",
    "Spelling",
    "Topic",
    "WordGroup",
]
