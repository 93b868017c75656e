"""Players that come, trained, from another run."""

import os
import signal
from pathlib import Path

import pytest
import torch
from torch import Tensor

import likeness
from likeness.errors import UserError
from likeness.runs.run import Run
from support.forks import Forks, until
from support.small_runs import FLAGS, steps, trained


def discriminator(path: Path) -> dict[str, Tensor]:
    """The weights of a run's discriminator."""
    return likeness.load(path).nets["discriminator"].state_dict()


def test_a_method_that_needs_another_runs_player_says_so(images: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"vae_dis_l needs the trained .* --borrow discriminator"):
        trained(tmp_path / "run", images, "vae_dis_l")


def test_a_borrowed_player_is_the_lenders_and_stays_so(images: Path, judged: Path, tmp_path: Path) -> None:
    trained(tmp_path / "run", images, "vae_dis_l", borrow={"discriminator": str(judged)}, ema=0.5)
    mine, theirs = discriminator(tmp_path / "run"), discriminator(judged)
    assert mine.keys() == theirs.keys()
    assert all(torch.equal(mine[k], theirs[k]) for k in mine)


def test_a_borrowed_player_may_come_from_a_checkpoint(images: Path, judged: Path, tmp_path: Path) -> None:
    place = judged / "checkpoints" / "step-00000004"
    trained(tmp_path / "run", images, "vae_dis_l", borrow={"discriminator": str(place)})
    assert all(torch.equal(v, discriminator(judged)[k]) for k, v in discriminator(tmp_path / "run").items())


def test_a_player_that_moves_may_be_borrowed_to_start_from(
    images: Path, judged: Path, tmp_path: Path
) -> None:
    trained(tmp_path / "run", images, "gan", borrow={"discriminator": str(judged)}, lr=1e-9, seed=4)
    mine, theirs = discriminator(tmp_path / "run"), discriminator(judged)
    assert all(torch.allclose(mine[k], theirs[k], atol=1e-6) for k in mine)


@pytest.mark.parametrize(
    "borrow, said",
    [
        ({"encoder": "LENDER"}, "LENDER has no encoder; choose one of decoder, discriminator"),
        ({"muse": "LENDER"}, "this method has no muse; choose one of encoder, decoder"),
        ({"discriminator": "NOWHERE"}, "NOWHERE is not a run"),
    ],
)
def test_a_player_that_is_not_there_is_refused(
    images: Path, judged: Path, tmp_path: Path, borrow: dict[str, str], said: str
) -> None:
    places = {"LENDER": str(judged), "NOWHERE": str(tmp_path / "none")}
    given = {"discriminator": str(judged)} | {k: places[v] for k, v in borrow.items()}
    for word, place in places.items():
        said = said.replace(word, place)
    with pytest.raises(UserError, match=said):
        trained(tmp_path / "run", images, "vae_dis_l", borrow=given)


def test_a_player_of_another_design_does_not_fit(images: Path, judged: Path, tmp_path: Path) -> None:
    for net in ({"name": "mlp", "hidden": 9}, {"name": "larsen", "width": 0.03}):
        with pytest.raises(UserError, match=r"discriminator of .* does not fit: .*same --net and --size"):
            trained(
                tmp_path / net["name"], images, "vae_dis_l", net=net, borrow={"discriminator": str(judged)}
            )


def test_a_resumed_run_keeps_its_player_though_the_lender_is_gone(images: Path, tmp_path: Path) -> None:
    trained(tmp_path / "gan", images, "gan")
    lent, path = discriminator(tmp_path / "gan"), tmp_path / "run"
    trained(path, images, "vae_dis_l", borrow={"discriminator": str(tmp_path / "gan")})
    (tmp_path / "gan").rename(tmp_path / "away")
    trained(
        path, images, "vae_dis_l", borrow={"discriminator": str(tmp_path / "gan")}, steps=6, resume=True
    )
    assert steps(path)[-1] == 6
    assert all(torch.equal(v, lent[k]) for k, v in discriminator(path).items())


def test_a_lender_cannot_change_at_a_resume(images: Path, judged: Path, tmp_path: Path) -> None:
    trained(tmp_path / "run", images, "vae_dis_l", borrow={"discriminator": str(judged)})
    with pytest.raises(UserError, match=r"borrow\.discriminator: .* -> other"):
        trained(tmp_path / "run", images, "vae_dis_l", borrow={"discriminator": "other"}, resume=True)


def test_a_run_killed_before_its_first_checkpoint_borrows_again(
    forks: Forks, images: Path, judged: Path, tmp_path: Path
) -> None:
    path = tmp_path / "run"
    words = ["train", "vae_dis_l", path, "--data", images, *FLAGS, "--steps", 4, "--log-every", 1]
    words += ["--borrow", "discriminator", judged, "--resume"]

    def kill(pid: int) -> None:
        until(lambda: Run(path).metrics())
        os.kill(pid, signal.SIGKILL)

    assert forks.run(*words, during=kill, slow=0.1).code == -signal.SIGKILL
    assert steps(path) == []
    assert forks.run(*words).code == 0
    mine, theirs = discriminator(path), discriminator(judged)
    assert all(torch.equal(mine[k], theirs[k]) for k in mine)
