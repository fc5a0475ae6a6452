"""Options of a command that may be given once."""

import argparse

_SAID = "options_said"
"""Where the names of the options that were given stand in what was read."""


class Once(argparse.Action):
    """An option that takes one value: given twice, the second would take the place of the first
    without a word. Register it under None and every option without an action of its own is one."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: object,
        option_string: str | None = None,
    ) -> None:
        if option_string is not None:
            # What was said is remembered apart: a value may be the default's own.
            said = vars(namespace).setdefault(_SAID, set())
            if self.dest in said:
                parser.error(f"{option_string} 这里只能写一次")
            said.add(self.dest)
        setattr(namespace, self.dest, values)
