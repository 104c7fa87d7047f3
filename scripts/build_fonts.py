"""Cut the fonts of the PDF out of Noto: European letters, the commonest Chinese characters, and those of our data.

Run it from the project's root after new Chinese names have come into the reference data, with fonttools installed and
the folder of the fonts (Debian: fonts-noto-core, fonts-noto-cjk): python scripts/build_fonts.py /usr/share/fonts
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTCollection, TTFont

ROOT = Path(__file__).resolve().parent.parent
DATA, FONTS = ROOT / "esgscan/reference/data", ROOT / "esgscan/report/fonts"
CHINESE = "Noto Sans CJK SC"
FAMILY_NAME = 1
LETTERS = [(0x20, 0x7E), (0xA0, 0x24F), (0x386, 0x3CE), (0x400, 0x45F), (0x1E00, 0x1EF9), (0x2010, 0x203A)]
KANA = [(0x3041, 0x3096), (0x30A1, 0x30FC), (0xFF01, 0xFF5E)]
SIGNS = "€₣₤₩₹™←↑→↓−≈≤≥▲▼●■〓　、。《》「」"
FIRST_ROW, LAST_ROW = 0xB0, 0xD7
"""Level 1 of GB 2312: 3,755 characters, by frequency of use."""
DROPPED = ["BASE", "DSIG", "GSUB", "VORG", "vhea", "vmtx"]


def main() -> None:
    """Write the fonts, and the list of the characters that the regular ones have."""
    latin, chinese = _folder("NotoSans-Regular.ttf"), _folder("NotoSansCJK-Regular.ttc")
    letters = _span(LETTERS) | set(SIGNS)
    ours = of_our_data() | _span(KANA) | set(SIGNS)
    FONTS.mkdir(exist_ok=True)
    has = cut(TTFont(latin / "NotoSans-Regular.ttf"), letters, FONTS / "NotoSans-Regular.ttf")
    cut(TTFont(latin / "NotoSans-Bold.ttf"), letters, FONTS / "NotoSans-Bold.ttf")
    rest = (ours | common_chinese()) - has
    has |= cut(_chinese(chinese / "NotoSansCJK-Regular.ttc"), rest, FONTS / "NotoSansCJKsc-Regular.otf")
    cut(_chinese(chinese / "NotoSansCJK-Bold.ttc"), ours - _span(LETTERS), FONTS / "NotoSansCJKsc-Bold.otf")
    (FONTS / "characters.txt").write_text("".join(sorted(has)), encoding="utf-8", newline="")


def of_our_data() -> set[str]:
    """Give every character of the packaged data sets."""
    texts = (path.read_text(encoding="utf-8") for path in DATA.glob("*/entries.csv"))
    return {character for text in texts for character in text if character >= " "}


def common_chinese() -> set[str]:
    """Give the characters of level 1 of GB 2312."""
    codes = [bytes([row, cell]) for row in range(FIRST_ROW, LAST_ROW + 1) for cell in range(0xA1, 0xFF)]
    return set("".join(code.decode("gb2312", "ignore") for code in codes))


def cut(font: TTFont, characters: set[str], target: Path) -> set[str]:
    """Write the part of a font that draws `characters`, and give those that it has."""
    wanted = {character for character in characters if ord(character) in font.getBestCmap()}
    subsetter = Subsetter(_options())
    subsetter.populate(text="".join(sorted(wanted)))
    subsetter.subset(font)
    font.recalcTimestamp = False
    font.save(target)
    return wanted


def _folder(name: str) -> Path:
    found = sorted(Path(sys.argv[1]).rglob(name))
    if not found:
        sys.exit(f"{name} is not below {sys.argv[1]}; install fonts-noto-core and fonts-noto-cjk")
    return found[0].parent


def _chinese(collection: Path) -> TTFont:
    return next(one for one in TTCollection(str(collection)).fonts if one["name"].getDebugName(FAMILY_NAME) == CHINESE)


def _span(ranges: list[tuple[int, int]]) -> set[str]:
    return {chr(code) for first, last in ranges for code in range(first, last + 1)}


def _options() -> Options:
    options = Options()
    options.layout_features = ["kern"]
    options.hinting = False
    options.name_IDs = ["*"]
    options.notdef_outline = True
    options.drop_tables += DROPPED
    return options


if __name__ == "__main__":
    main()
