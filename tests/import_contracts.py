"""A contract of our own for import-linter: across apps only the doors are used (docs/map.md, "Imports")."""

import grimp
from importlinter import Contract, ContractCheck, fields, output


class OpenDoors(Contract):
    """Modules of one app may import from another app only what stands behind one of its ``doors``.

    - ``apps``: the top-level packages it holds for, as importers and as imported.
    - ``doors``: names of modules (``services``, ``queries``, …) that others may import.
    """

    type_name = "open_doors"

    apps = fields.ListField(subfield=fields.StringField())
    doors = fields.ListField(subfield=fields.StringField())

    def check(self, graph: grimp.ImportGraph, verbose: bool) -> ContractCheck:
        apps, doors = set(self.apps), set(self.doors)  # type: ignore[call-overload]
        broken = sorted(
            (importer, imported)
            for importer in graph.modules
            if _app(importer) in apps
            for imported in graph.find_modules_directly_imported_by(importer)
            if _app(imported) in apps - {_app(importer)}
            and imported.split(".")[1:2]
            and imported.split(".")[1] not in doors
        )
        return ContractCheck(kept=not broken, metadata={"broken": broken})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for importer, imported in check.metadata["broken"]:
            output.print_error(f"{importer} imports {imported}, which is private to its app")


def _app(module: str) -> str:
    return module.partition(".")[0]
