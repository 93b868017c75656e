"""The command `likeness completion`."""

from typing import Annotated, Literal

from likeness.commands._arguments import Help
from likeness.commands._verb import Result, verb

Shell = Annotated[Literal["bash", "zsh", "fish"], Help("Shell the script is for.")]


@verb("set up")
def completion(shell: Shell) -> Result:
    """Print a script that completes commands, options and settings in a shell.

    For bash, `eval "$(likeness completion bash)"` in ~/.bashrc; for zsh, write it to a file `_likeness` in
    a directory of $fpath; for fish, to ~/.config/fish/completions/likeness.fish.
    """
    from likeness.commands._parser import completion_app

    return Result([completion_app().generate_completion(shell=shell, prog_name="likeness")])
