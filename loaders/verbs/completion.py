"""python -m loaders completion SHELL: a function `ogi` for that shell, and what can follow on its line.

The words come from the parser itself. bash and zsh share one script; fish has its own.
"""

from __future__ import annotations

import argparse
import shlex
import sys
from pathlib import Path
from typing import Any

SHELLS = ("bash", "zsh", "fish")
ROOT = Path(__file__).resolve().parents[2]
BASH = """ogi() { %(command)s "$@"; }
_ogi() {
  local word="${COMP_WORDS[COMP_CWORD]}" words
  case "${COMP_WORDS[1]}" in
%(cases)s
    *) words="%(verbs)s" ;;
  esac
  [ "$COMP_CWORD" -eq 1 ] && words="%(verbs)s"
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o default -F _ogi ogi
"""
ZSH = "autoload -Uz compinit bashcompinit && compinit && bashcompinit\n"


def add(verbs: Any) -> None:
    """Register the verb."""
    verb = verbs.add_parser("completion", help="print a script that lets a shell complete: source <(… completion bash)")
    verb.add_argument("shell", choices=SHELLS, help="whose script")
    verb.set_defaults(run=run, verbs=verbs)


def run(given: argparse.Namespace) -> int:
    """Print the script."""
    print(script(given.shell, {name: words(one) for name, one in given.verbs.choices.items()}), end="")
    return 0


def script(shell: str, known: dict[str, list[str]]) -> str:
    """The script of a shell for verbs with their options."""
    command = f"{shlex.quote(sys.executable)} -m loaders"
    where = shlex.quote(str(ROOT))
    if shell == "fish":
        lines = [f"function ogi; env PYTHONPATH={where} {command} $argv; end"]
        for name, options in known.items():
            lines.append(f"complete -c ogi -n __fish_use_subcommand -a {name}")
            lines += [
                f"complete -c ogi -n '__fish_seen_subcommand_from {name}' -l {option[2:]}"
                for option in options
                if option.startswith("--")
            ]
        return "\n".join([*lines, ""])
    cases = "\n".join(f'    {name}) words="{" ".join(options)}" ;;' for name, options in known.items())
    text = BASH % {"command": f"PYTHONPATH={where} {command}", "cases": cases, "verbs": " ".join(known)}
    return (ZSH if shell == "zsh" else "") + text


def words(verb: argparse.ArgumentParser) -> list[str]:
    """What may follow a verb: its options and the choices among values."""
    return [option for action in verb._actions for option in (*action.option_strings, *(action.choices or ()))]
