"""The page in a real browser: every control is used, and pictures change."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from likeness.explorer.server import Server
from support.browser import CHROMIUM, Page, browsing
from support.explorer import ASKING, BLIND, JUDGED, WIDE

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine")
MADE = "document.querySelector('#made').src"
SIZES = [(1400, 900, False), (1000, 700, True), (420, 900, False)]


@pytest.fixture(scope="module")
def page(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """A page that has loaded the first run, with its first image."""
    with browsing(tmp_path_factory.mktemp("browser")) as browser:
        browser.size(1400, 900)
        browser.open(server.address)
        browser.wait("document.querySelector('#errors')")
        browser.wait("document.querySelector('#components input')")
        yield browser


@pytest.fixture(autouse=True)
def no_faults(page: Page) -> Iterator[None]:
    """Nothing goes wrong in the page's scripts, and nothing is left to be loaded."""
    yield
    assert not page.faults
    assert page.value("[...document.querySelectorAll('.notice.wrong')].map((n) => n.textContent)") == []


def changes(page: Page, of: str, do: str, *given: object) -> None:
    """What some JavaScript comes to is another after something was done."""
    before = page.value(of)
    getattr(page, do)(*given)
    page.wait(f"{of} !== {before!r}" if isinstance(before, str) else f"{of} !== {before}")


def command(page: Page) -> str:
    """The command that is shown."""
    return page.value("document.querySelector('#command').textContent")


def test_sliders_change_the_picture_and_the_command_and_go_back(page: Page) -> None:
    before = page.value(MADE)
    changes(page, MADE, "slide", "#attributes .slider:nth-child(3) input", 3)
    changes(page, MADE, "slide", "#components .slider:nth-child(1) input", -3)
    changes(page, MADE, "slide", "#dimensions .slider:nth-child(2) input", 3)
    assert "--add 2:3,component-0:-3,dimension-1:3 --steps 2" in command(page)
    changes(page, "document.querySelector('#command').textContent", "click", "#apart")
    assert "--decorrelated" in command(page)
    page.click("#apart")
    page.click("#reset")
    page.wait(f"{MADE} === {before!r}")
    assert command(page).startswith("likeness reconstruct ")


def test_a_slider_never_queues(page: Page) -> None:
    asked = page.value(
        """(async () => {
          const real = window.fetch, slider = document.querySelector('#components input');
          let now = 0, most = 0, all = 0;
          window.fetch = async (...given) => {
            most = Math.max(most, ++now); all++;
            await new Promise((done) => setTimeout(done, 20));
            const reply = await real(...given); now--; return reply;
          };
          for (let k = 1; k <= 60; k++) {
            slider.value = k / 20; slider.dispatchEvent(new Event('input', {bubbles: true}));
            await new Promise((done) => setTimeout(done, 2));
          }
          while (now) await new Promise((done) => setTimeout(done, 20));
          window.fetch = real;
          return {most, all};
        })()"""
    )
    assert asked["most"] == 1 and 2 <= asked["all"] < 40
    page.wait("document.querySelector('#components .slider output').textContent === '3'")
    assert "component-0:3 " in command(page)
    page.press("0")


def test_what_is_shown_can_be_kept_and_gone_on_from(page: Page) -> None:
    changes(page, MADE, "slide", "#components input", 2)
    page.click("#keep")
    page.wait("document.querySelector('#caption').textContent === 'Decoded from its code'")
    assert page.value(
        "[...document.querySelectorAll('#components input')].every((one) => one.value === '0')"
    )
    changes(page, MADE, "click", "#random")
    page.wait("document.querySelector('#errors')")
    changes(page, "document.querySelector('#errors').textContent", "click", "#project")


def test_samples_change_with_seed_and_temperature_and_are_opened(page: Page) -> None:
    page.click("#tab-sampling")
    cells = "[...document.querySelectorAll('#samples img')].map((one) => one.src).join()"
    page.wait("document.querySelectorAll('#samples img').length === 24")
    changes(page, cells, "click", "#dice")
    changes(page, cells, "slide", "#sampling .slider input", 0.5)
    assert "--temperature 0.5" in command(page)
    changes(page, MADE, "click", "#samples .cell:nth-child(2)")


def test_the_way_between_two_images_is_slid_along(page: Page) -> None:
    page.click("#tab-between")
    middle = "document.querySelector('#middle').src"
    page.wait("document.querySelectorAll('#strip img').length === 11")
    page.wait("document.querySelector('#middle').src.startsWith('data:')")
    changes(page, middle, "slide", "#between .slider input", 90)
    changes(page, middle, "click", "#strip .cell:nth-child(2)")
    page.choose("#between select", 1)
    page.wait("document.querySelector('#command').textContent.includes('--interpolation spherical')")
    changes(page, MADE, "click", "#between-keep")


def test_the_map_shows_opens_and_decodes(page: Page) -> None:
    page.click("#tab-map")
    x, y = page.middle("#scatter")
    page.ask("Input.dispatchKeyEvent", type="keyDown", key="Tab")
    page.value("document.querySelector('#scatter').focus()")
    page.press("ArrowRight")
    page.wait("document.querySelector('.peek img').naturalWidth > 0")
    changes(page, "document.querySelector('.peek img').src", "press", "ArrowRight")
    changes(page, MADE, "press", "Enter")
    page.wait("document.querySelector('#errors')")
    page.drag((x - 80, y - 60), (x + 80, y + 60))
    page.wait("document.querySelectorAll('#region img').length === 64")
    changes(page, MADE, "click", "#region .cell:nth-child(5)")


def test_neighbours_of_both_kinds_are_opened(page: Page) -> None:
    page.click("#tab-neighbours")
    page.wait("document.querySelectorAll('#nearest-pixels img').length === 8")
    page.wait("document.querySelectorAll('#nearest-learned img').length === 8")
    changes(page, MADE, "click", "#nearest-learned .cell:nth-child(2)")
    page.wait("document.querySelectorAll('#nearest-pixels small')[0].textContent.endsWith('0')")


def test_two_runs_are_compared_on_the_same_image(page: Page) -> None:
    page.click("#tab-compare")
    page.wait("document.querySelectorAll('#compared section table').length === 2")
    shots = "document.querySelectorAll('#compared section:nth-child(2) img').length"
    page.choose("#compare select", 3, 1)
    page.wait(f"{shots} === 4")


def test_training_has_curves_and_pictures(page: Page) -> None:
    page.click("#tab-training")
    page.wait("document.querySelectorAll('#curves polyline').length > 3")
    page.wait("[...document.querySelectorAll('.film img')].every((one) => one.naturalWidth > 0)")


def test_files_are_opened_and_a_bad_one_is_a_message(page: Page, tmp_path: Path) -> None:
    Image.fromarray(np.eye(20, dtype=np.uint8) * 255).save(tmp_path / "my image.png")
    (tmp_path / "bad.png").write_bytes(b"no image")
    before = page.value(MADE)
    page.value(
        """(() => { const real = HTMLInputElement.prototype.click;
        HTMLInputElement.prototype.click = function () { document.body.append(window.picked = this); };
        document.querySelector('#open').click(); HTMLInputElement.prototype.click = real; })()"""
    )
    for name in ("bad.png", "my image.png"):
        root = page.ask("DOM.getDocument")["root"]["nodeId"]
        node = page.ask("DOM.querySelector", nodeId=root, selector="input[type=file]")["nodeId"]
        page.ask("DOM.setFileInputFiles", nodeId=node, files=[str(tmp_path / name)])
        if name == "bad.png":
            page.wait("document.querySelector('.notice.wrong').textContent.includes('not an image')")
            page.value("document.querySelector('.notice.wrong').remove()")
            assert page.value(MADE) == before
            page.faults.clear()  # the browser notes that an answer was no good one
    page.wait(f"{MADE} !== {before!r}")
    page.wait("document.querySelector('#stage').textContent.includes('cut and resized from 20 x 20')")
    page.press("1")
    page.wait("document.querySelector('#command').textContent.includes(\"'my image.png'\")")
    page.value("window.picked.remove()")


def test_other_runs_are_chosen_and_ask_for_what_they_need(page: Page) -> None:
    page.choose("#run select", BLIND)
    page.wait("document.querySelector('#stage').textContent.includes('No encoder')")
    page.click("#project")
    page.wait("document.querySelector('#dimensions input')")
    page.choose("#run select", ASKING)
    page.wait("document.querySelector('#stage').textContent.includes('Say the class')")
    page.choose("#stage select", 4)
    page.wait("document.querySelectorAll('#edit .cells img').length === 10")
    changes(page, MADE, "click", "#edit .cell:nth-child(8)")
    page.choose("#run select", JUDGED)
    page.wait("document.querySelector('#errors')")


@contextmanager
def late(page: Page, question: str) -> Iterator[None]:
    """Within this, answers to one question come, but the page is told of none before the end."""
    page.value(
        f"""(() => {{
          const real = window.fetch;
          const told = new Promise((done) => (window.tell = () => ((window.fetch = real), done())));
          window.asked = 0;
          window.fetch = async (...given) => {{
            const held = given[0].endsWith('/{question}');
            if (held) window.asked += 1;
            const reply = await real(...given);
            if (held) await told;
            return reply;
          }};
        }})()"""
    )
    try:
        yield
    finally:
        page.value("tell()")


def text(of: str) -> str:
    """JavaScript for what an element says."""
    return f"document.querySelector('{of}').textContent"


def home(page: Page) -> None:
    """Back to the first run."""
    page.choose("#run select", JUDGED)
    page.wait("document.querySelector('#components input')")


def wait_in_another_run(page: Page, tool: str, says: str) -> None:
    """Choose a run of which a tool has to ask something first, and says so."""
    page.choose("#run select", WIDE)
    page.click(f"#tab-{tool}")
    page.wait(f"{text('#' + tool)}.startsWith('{says}')")


def test_images_may_change_while_directions_are_learned(page: Page) -> None:
    with late(page, "directions"):
        wait_in_another_run(page, "edit", "Learning")
        changes(page, MADE, "press", "s")
        changes(page, MADE, "press", "s")
        assert page.value("window.asked") == 1
    page.wait("document.querySelector('#dimensions input')")
    home(page)


def test_directions_that_failed_are_asked_for_again(page: Page, server: Server) -> None:
    page.open(server.address)
    page.wait("document.querySelector('#errors')")
    page.wait("document.querySelector('#components input')")
    page.value(
        """(() => {
          const real = window.fetch;
          window.fetch = async (...given) => {
            if (!given[0].endsWith('/directions')) return real(...given);
            window.fetch = real;
            return { ok: false, json: async () => ({ error: 'no data today' }) };
          };
        })()"""
    )
    page.choose("#run select", WIDE)
    page.press("s")
    page.wait(f"{text('#edit')}.includes('no data today')")
    changes(page, MADE, "press", "s")
    page.wait(f"!{text('#edit')}.includes('no data today')")
    home(page)


def test_a_sample_that_comes_late_is_not_opened_in_another_run(page: Page) -> None:
    with late(page, "samples"):
        page.press("s")
        page.wait("window.asked === 1")
        page.choose("#run select", WIDE)
        page.wait("document.querySelector('#dimensions input')")
        before = page.value(MADE)
    page.value("new Promise((done) => setTimeout(done, 300))")
    assert page.value(MADE) == before
    home(page)


def test_the_way_of_a_map_is_kept_while_images_change(page: Page) -> None:
    page.click("#tab-map")
    page.wait("document.querySelector('#scatter')")
    with late(page, "plane"):
        page.choose("#map select", 1)
        page.wait("window.asked === 1")
        changes(page, MADE, "press", "s")
        assert page.value("window.asked") == 1
    page.wait("document.querySelector('#scatter')")
    page.press("1")


def test_a_map_that_comes_late_is_not_that_of_another_run(page: Page) -> None:
    with late(page, "plane"):
        wait_in_another_run(page, "map", "Encoding")
        page.press("1")
        home(page)
    page.click("#tab-map")
    page.wait("document.querySelector('#scatter')")
    assert "1,797 images" in page.value(text("#map"))
    page.press("1")


def test_both_ends_of_a_way_may_be_asked_for_at_once(page: Page) -> None:
    page.click("#tab-between")
    ends = "[...document.querySelectorAll('#between .ends > figure img')].map((one) => one.src)"
    page.wait("document.querySelectorAll('#strip img').length === 11")
    a, _, b = page.value(ends)
    with late(page, "samples"):
        for figure in (1, 3):
            page.click(f"#between .ends > figure:nth-child({figure}) button:nth-child(2)")
        page.wait("window.asked === 2")
    page.wait(f"{ends}[0] !== {a!r} && {ends}[2] !== {b!r}")
    page.press("1")


def test_the_way_of_another_run_has_no_controls_before_its_ends(page: Page) -> None:
    with late(page, "plane"):
        wait_in_another_run(page, "between", "Choosing")
        assert not page.value("document.querySelectorAll('#between input, #between button').length")
    page.wait("document.querySelectorAll('#strip img').length === 11")
    page.press("1")
    home(page)


def test_keys_choose_tools_and_the_theme(page: Page) -> None:
    page.press("2")
    page.wait("!document.querySelector('#sampling').hidden")
    ground = "getComputedStyle(document.body).backgroundColor"
    changes(page, ground, "press", "t")
    changes(page, ground, "press", "t")
    page.press("?")
    page.wait("document.querySelector('#keys').open")
    page.click("#keys button")
    page.wait("!document.querySelector('#keys').open")
    page.press("1")


def test_what_takes_long_shows_that_it_does(page: Page) -> None:
    page.value("window.kept = window.fetch; window.fetch = (...given) =>"
               " new Promise((done) => setTimeout(() => done(window.kept(...given)), 700))")  # fmt: skip
    page.press("s")
    assert page.value("document.querySelector('#busy').hidden")
    page.wait("!document.querySelector('#busy').hidden")
    page.wait("document.querySelector('#busy').hidden")
    page.value("window.fetch = window.kept")


@pytest.mark.parametrize(("width", "height", "dark"), SIZES)
def test_nothing_sticks_out_at_any_width(
    width: int, height: int, dark: bool, page: Page, tmp_path: Path
) -> None:
    page.size(width, height, dark)
    for tool in ("edit", "sampling", "between", "map", "neighbours", "compare", "training"):
        page.click(f"#tab-{tool}")
        page.wait(f"document.querySelector('#{tool}').childElementCount > 0")
        assert page.value("document.documentElement.scrollWidth") <= width, tool
        shots = "[...document.querySelectorAll('#stage .shot img, #stage .actions > *')]"
        ends = f"Math.max(...{shots}.map((one) => one.getBoundingClientRect().right))"
        edge = "document.querySelector('#work').getBoundingClientRect()"
        beside = f"{edge}.top < document.querySelector('#stage .actions').getBoundingClientRect().top"
        assert not page.value(f"{beside} && {ends} > {edge}.left + 1"), tool
    shot = Image.open(page.picture(tmp_path / f"{width}.png"))
    assert shot.size == (width, height) and len(shot.convert("RGB").getcolors(1 << 20) or []) > 20
    page.size(1400, 900)


def test_a_server_that_does_not_answer_is_said_not_to(page: Page) -> None:
    offline = {"latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
    page.ask("Network.enable")
    page.ask("Network.emulateNetworkConditions", offline=True, **offline)
    page.press("s")
    page.wait("document.querySelector('.notice.wrong').textContent.includes('does not answer')")
    page.value("document.querySelector('.notice.wrong').remove()")
    page.ask("Network.emulateNetworkConditions", offline=False, **offline)
    changes(page, MADE, "press", "s")
    page.faults.clear()  # the browser notes that the network was gone
