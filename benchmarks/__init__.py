"""Speed and memory, side by side with others: `python -m benchmarks --help`.

Every contender is a process of its own that lives as long as its comparison; blocks of steps are asked
of one after the other, in turns, so that whatever else the machine does falls on all alike. What is
stated is the median over the turns of the ratio within a turn.
"""
