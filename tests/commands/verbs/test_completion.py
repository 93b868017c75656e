"""`likeness completion`: a script for each shell."""

from support.commands import Likeness, done, refused


def test_completion_knows_verbs_options_and_settings(likeness: Likeness) -> None:
    for shell in ("bash", "zsh", "fish"):
        script = done(likeness("completion", shell)).out
        assert "transfer-style" in script and "max-images" in script and "real-weight" in script


def test_a_shell_that_is_not_known_is_refused(likeness: Likeness) -> None:
    assert "SHELL is 'csh'; input should be 'bash', 'zsh' or 'fish'" in refused(
        likeness("completion", "csh")
    )
