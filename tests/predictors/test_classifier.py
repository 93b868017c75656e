"""The classifier of a run's data is made once."""

from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from likeness.predictors import classifier
from support.small_runs import configured


def test_of_two_that_ask_for_it_at_once_one_trains_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(classifier, "STEPS", 40)
    made: list[object] = []
    really = classifier._made

    def counted(config: Any) -> Any:
        made.append(config)
        return really(config)

    monkeypatch.setattr(classifier, "_made", counted)
    config, found = configured("digits"), list[classifier.Classifier]()

    def ask() -> None:
        found.append(classifier.classifier(config, "digits", tmp_path))

    threads = [Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == [config] and len(found) == 2
    assert len(list(tmp_path.glob("classifier-*"))) == 1
