"""The tests of unit 602 that you may read. Your notebook runs them.

Made by `firsthand dev build`; an edit is lost with the next build.
"""

from firsthand import compare
import pytest
import torch


@pytest.mark.exercise("threshold_for_quality")
class TestThresholdForQuality:
    @pytest.mark.visible
    def test_the_worked_example_gives_two(self, submission):
        got = submission.threshold_for_quality(torch.tensor([[1.0, 4.0]]), torch.tensor([[2.0, 1.0]]))
        what = "threshold_for_quality of 1 and 4 with weights 2 and 1"
        compare.shape(got, (1,), what=what, hint="one number per row: reduce the last axis")
        hint = "divide by the sum of the weights"
        compare.close(got, torch.tensor([2.0]), atol=1e-6, what=what, hint=hint)


@pytest.mark.exercise("exact_interval")
class TestExactInterval:
    @pytest.mark.visible
    def test_the_worked_example_gives_two(self, submission):
        got = submission.exact_interval(torch.tensor([[1.0, 4.0]]), torch.tensor([[2.0, 1.0]]))
        what = "exact_interval of 1 and 4 with weights 2 and 1"
        compare.shape(got, (1,), what=what, hint="one number per row: reduce the last axis")
        hint = "divide by the sum of the weights"
        compare.close(got, torch.tensor([2.0]), atol=1e-6, what=what, hint=hint)


# What the notebook shows of the unit, hints included. Packed, so as not to spoil them.
UNIT_DATA = (
    "eNrtVE1v2zAM/SuEz1mQZlgPvQy9b5dhwIANhcFYtEVEllx9xEmL/veRcpYltx136JEUyff4nsDXpnPIY/MAzXdL"
    "UAMIPWQJJpwoAnsIniCRz+Q7WsHM2QLnJKkuc5DnCD0PJdK6WUFjuO+5Ky6fZOhWEnSk2HGiJPGv16ZD51ppDd5o"
    "ZrtZb6Som8pVcsndTLqThGWf65Tmh8UMyYbiDCAc0BVaeM3Eg83wQjGATMuRdyXTZyX2JYQ9SJuulsply6UjaUjY"
    "WYhhfqgPkZJgw1hSBh8yGJrIGxFjWZ5fln2/ShFP7rSqQ9EFP9R2h9KHR04rQGkzfGBDsDv9wR/JXGNn3UjL182T"
    "TOVxCjGjCC77fpTEnr1Rl7pgSGFHQs9+0NS3MCfo0AvLGXYEeKCIg47/q0jFQH+CJPovxEf2Io3qeadqexwVq8lW"
    "FrfBmbYPsX0u6FgMkIIpnOVXOrHsInfqhbItZ3ef3lbw7vD/7jAdscutKE1RdP1nazUaIhqKN+bqKpX3/WbbWmHS"
    "pox7Sq3ckpS4Z4q3XD5VLiHTTuy6GnWv+XpzdNpPpsHJ+SHRzK0FZyu35NHI4gkjo4MckVUfkG8KivthwRVXHeOO"
    "L982UqTnwonzeRNJJhuL3ytO/Wcsbo/yawXPSrVa5fXwXa7g4vBsF2+XK5lKPPCBUpU6c3ZV3McbLlcavP0GuqzO"
    "zg=="
)
