"""The attacks, as data: one module for each class."""

from tests.hostile.attack import Attack
from tests.hostile.attacks import ending, exhausting, forging, patching, reaching, reading

ATTACKS: dict[str, Attack] = {
    attack.name: attack
    for module in (reading, reaching, patching, ending, exhausting, forging)
    for attack in module.ATTACKS
}
