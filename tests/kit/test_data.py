"""The shipped text, its tokens and its split."""

import hashlib
import lzma
import math
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from firsthand.kit import data

ROOT = Path(__file__).parents[2]


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_the_text_has_the_size_and_characters_that_the_documentation_states():
    text = data.king_james()
    assert len(text) == 1_199_927
    assert text.count("\n") == 8_309
    assert len(data.characters(text)) == 62
    assert text.startswith("In the beginning God created")
    assert not any(character.isdigit() for character in text)


def test_the_notice_names_source_licence_and_digest():
    notice = data.packaged_file("NOTICE.md").decode()
    assert "bible-kjv-text" in notice
    assert "This file is provided for unrestricted use" in notice.replace("\n  > ", " ")
    assert data.TEXT_SHA256 in notice


def test_a_damaged_text_is_refused(monkeypatch):
    monkeypatch.setattr(data, "packaged_file", lambda name: lzma.compress(b"In the beginning"))
    with pytest.raises(ValueError, match="install the package again"):
        data.king_james.__wrapped__()


def test_decode_undoes_encode():
    text = data.king_james()[:5_000]
    vocabulary = data.characters(text)
    tokens = data.encode(text, vocabulary)
    assert tokens.dtype == torch.int64 and tokens.shape == (5_000,)
    assert data.decode(tokens, vocabulary) == text


def test_tokens_follow_the_order_of_the_vocabulary_given():
    assert data.encode("abca", "cba").tolist() == [2, 1, 0, 2]
    assert data.encode("", "ab").tolist() == []


@pytest.mark.parametrize("character", ["~", "\u20ac", "\x00"])
def test_an_unknown_character_is_named(character):
    with pytest.raises(ValueError, match="no token for"):
        data.encode("ab" + character, "abc")


def test_the_split_is_one_cut():
    first, second = data.split(torch.arange(10), fraction=0.7)
    assert first.tolist() == list(range(7)) and second.tolist() == [7, 8, 9]
    with pytest.raises(ValueError, match="fraction is 1"):
        data.split(torch.arange(10), fraction=1)


def test_windows_lie_side_by_side_and_drop_the_rest():
    assert data.windows(torch.arange(8), length=3).tolist() == [[0, 1, 2], [3, 4, 5]]
    assert data.windows(torch.arange(2), length=3).shape == (0, 3)


def test_random_windows_reach_both_ends_and_follow_the_generator():
    tokens = torch.arange(6)
    drawn = data.random_windows(tokens, length=4, batch=200, generator=generator())
    assert set(drawn[:, 0].tolist()) == {0, 1, 2}
    assert torch.equal(drawn - drawn[:, :1], torch.arange(4).expand(200, 4))
    again = data.random_windows(tokens, length=4, batch=200, generator=generator())
    assert torch.equal(drawn, again)
    with pytest.raises(ValueError, match="too few"):
        data.random_windows(tokens, length=7, batch=1, generator=generator())


def test_unigram_loss_is_add_one_and_fitted_on_the_training_part():
    train, validation = torch.tensor([0, 0, 1]), torch.tensor([1, 2])
    # counts 2, 1, 0 plus one: 3/6, 2/6, 1/6
    expected = -(math.log(2 / 6) + math.log(1 / 6)) / 2
    assert data.unigram_loss(train, validation, vocabulary_size=3) == pytest.approx(expected)


def test_bigram_loss_conditions_on_the_token_before():
    train, validation = torch.tensor([0, 1, 0, 1, 0]), torch.tensor([0, 1, 1])
    # after 0: two times 1, so (0 + 1)/4 and (2 + 1)/4; after 1: two times 0, so 3/4 and 1/4
    expected = -(math.log(3 / 4) + math.log(1 / 4)) / 2
    assert data.bigram_loss(train, validation, vocabulary_size=2) == pytest.approx(expected)


def test_the_script_makes_the_text_from_an_export(tmp_path):
    export = tmp_path / "export.txt"
    export.write_text(
        "Ge1:1 In the beginning.\n1Sm1:2 And.\nPs119:3 This verse is too long to keep.\n"
    )
    target = tmp_path / "text.xz"
    command = [
        sys.executable,
        ROOT / "scripts/make_text.py",
        export,
        "--target",
        target,
        "--limit",
        "40",
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    assert lzma.decompress(target.read_bytes()) == b"In the beginning.\nAnd.\n"


def test_the_script_refuses_a_line_without_reference(tmp_path):
    export = tmp_path / "export.txt"
    export.write_text("In the beginning.\n")
    command = [
        sys.executable,
        ROOT / "scripts/make_text.py",
        export,
        "--target",
        tmp_path / "text.xz",
    ]
    result = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert result.returncode != 0 and "line 1 has no reference" in result.stderr


def test_the_digest_is_that_of_the_uncompressed_bytes():
    raw = lzma.decompress(data.packaged_file("king_james.txt.xz"))
    assert hashlib.sha256(raw).hexdigest() == data.TEXT_SHA256
