"""What the tests read of an exported PRM folder."""

import json
from pathlib import Path

from funprm_training.prm.template import Template


def read_template(folder: Path) -> Template:
    """The template that `prm.json` describes."""
    manifest = json.loads((folder / "prm.json").read_text(encoding="utf-8"))
    text, special = manifest["template"], manifest["specialTokens"]
    return Template(
        reading=manifest["reading"]["kind"],
        context_length=manifest["contextLength"],
        pad=special["pad"],
        before_statement=text["beforeStatement"],
        after_statement=text["afterStatement"],
        after_code=text["afterCode"],
        first=special["first"],
        between=special["betweenStatementAndCode"],
        last=special["last"],
        mark=manifest["reading"].get("markId"),
    )
