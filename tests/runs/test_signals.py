"""Signals: a training is asked to end, and a second time ends at once."""

import signal
import threading

import pytest

from likeness.errors import Stopped
from likeness.runs.signals import SIGNALS, defer_signals, end_with_one_line, listen

every_signal = pytest.mark.parametrize("number", SIGNALS)


@every_signal
def test_a_signal_is_remembered_and_the_work_goes_on(number: signal.Signals) -> None:
    with defer_signals() as stop:
        assert stop.number is None
        signal.raise_signal(number)
        assert stop.number == number


@every_signal
def test_a_second_signal_of_any_kind_ends_at_once(number: signal.Signals) -> None:
    with (
        pytest.raises(Stopped, match="stopped at once; the last checkpoint is intact") as error,
        defer_signals(),
    ):
        signal.raise_signal(signal.SIGTERM)
        signal.raise_signal(number)
    assert error.value.exit_code == 128 + number


@every_signal
def test_afterwards_signals_do_what_they_did_before(number: signal.Signals) -> None:
    before = signal.getsignal(number)
    with pytest.raises(ZeroDivisionError), defer_signals():
        assert signal.getsignal(number) != before
        _ = 1 / 0
    assert signal.getsignal(number) == before


def test_a_command_with_nothing_to_save_says_which_signal_it_was() -> None:
    with pytest.raises(Stopped, match="stopped by SIGTERM; nothing was left half-written") as error:
        end_with_one_line(signal.SIGTERM, None)
    assert error.value.exit_code == 143


def test_a_closed_terminal_is_listened_for_unless_it_is_to_be_ignored() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with defer_signals() as stop:
            signal.raise_signal(signal.SIGHUP)
        assert stop.number is None and signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
        with defer_signals() as stop:
            signal.raise_signal(signal.SIGHUP)
        assert stop.number == signal.SIGHUP
    finally:
        signal.signal(signal.SIGHUP, before)


def test_what_was_done_with_signals_before_is_said() -> None:
    expected = {number: signal.getsignal(number) for number in SIGNALS}
    before = listen(end_with_one_line)
    try:
        assert before == expected
        assert {signal.getsignal(number) for number in before} == {end_with_one_line}
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def test_a_thread_of_its_own_leaves_signals_to_the_main_one() -> None:
    before = {number: signal.getsignal(number) for number in SIGNALS}
    found = []

    def work() -> None:
        with defer_signals() as stop:
            found.append((stop.number, {number: signal.getsignal(number) for number in SIGNALS}))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert found == [(None, before)]
