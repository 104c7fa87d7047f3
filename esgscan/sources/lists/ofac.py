"""What the layouts of OFAC share: which list a programme code belongs to, and who is an organisation."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from esgscan.reference.listed_entities import GLOBAL_MAGNITSKY, NS_CMIC, PublishedList

if TYPE_CHECKING:
    from collections.abc import Iterable

    from esgscan.reference.listed_entities import ListedEntity

PUBLISHER = "Office of Foreign Assets Control (OFAC)"
HOME = "https://sanctionslist.ofac.treas.gov/Home/"
NO_ORGANISATIONS = frozenset({"individual", "vessel", "aircraft"})
"""Kinds of entries that can be no issuer of securities."""
NEVER_SDN = ("CMIC", "CCMC", "NS-", "561", "FSE")
"""How the programmes begin that only the consolidated list has."""
NS_CMIC_NAME = "Non-SDN Chinese Military-Industrial Complex Companies List"
SDN, CONSOLIDATED = "Specially Designated Nationals List", "Consolidated (non-SDN) list"


@dataclass(slots=True)
class Shelf:
    """The lists of a file while it is read: entities by list, in the order of the file."""

    authority: str = PUBLISHER
    lists: dict[str, tuple[str, list[ListedEntity]]] = field(default_factory=dict)

    def add(self, entity: ListedEntity, programmes: Iterable[str], *, sdn: bool) -> None:
        """Put an entity on the list of each of its programmes, once; one without a programme is on the file's own."""
        for list_id, name in dict.fromkeys(list_of(code, sdn=sdn) for code in [*programmes] or [""]):
            self.lists.setdefault(list_id, (name, []))[1].append(entity)

    def published(self, *, is_whole: bool = True) -> list[PublishedList]:
        """Give the lists."""
        return [
            PublishedList(
                programme_id=list_id, name=name, authority=self.authority, entities=tuple(those), is_whole=is_whole
            )
            for list_id, (name, those) in self.lists.items()
        ]


def list_of(code: str, *, sdn: bool) -> tuple[str, str]:
    """Give the id and the name of the list that a programme code stands for."""
    word = code.strip().upper()
    if word.startswith("CMIC"):
        return NS_CMIC, NS_CMIC_NAME
    if word.startswith("GLOMAG"):
        return GLOBAL_MAGNITSKY, f"{SDN} [GLOMAG]"
    if sdn:
        return "list:ofac-sdn", SDN
    if not word:
        return "list:ofac-consolidated", CONSOLIDATED
    return f"list:ofac-{slug(word)}", f"{CONSOLIDATED} [{word}]"


def slug(text: str) -> str:
    """Make an id of words."""
    return re.sub(r"[^\w]+", "-", text.casefold()).strip("-")


def is_sdn(programmes: Iterable[str], name: str) -> bool:
    """Say whether a file that names no list is the SDN list: by what is on it, else by its name."""
    if any(code.strip().upper().startswith(NEVER_SDN) for code in programmes):
        return False
    return "cons" not in name.casefold()
