"""What a data set is once its settings are followed."""

from likeness.data.dataset import load
from likeness.data.settings import DataSettings


def test_classes_left_out_are_in_the_test_alone_and_are_scored() -> None:
    whole = load(DataSettings(data="digits"), 0)
    usual = load(DataSettings(data="digits", without=("1", "7")), 0)
    assert {1, 7} & set(whole.train.labels.tolist()) == {1, 7}
    for split in (usual.train, usual.validation):
        assert len(split) and not {1, 7} & set(split.labels.tolist())
    assert usual.test.labels.tolist() == whole.test.labels.tolist()


def test_few_labels_are_as_many_of_each_class() -> None:
    few = load(DataSettings(data="digits", labels=30), 0)
    counts = {label: few.train.labels.tolist().count(label) for label in range(10)}
    assert counts == dict.fromkeys(range(10), 3)
    assert len(few.train) == len(load(DataSettings(data="digits"), 0).train)
