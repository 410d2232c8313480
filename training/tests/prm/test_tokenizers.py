"""Line ends and indentation reach the model."""

import json
from pathlib import Path

import pytest
from bases import BEGIN, END, base_tokenizer
from tokenizers import Tokenizer, models, pre_tokenizers

from funprm_training.prm.tokenizers import encoder_of, minilm_tokenizer, text_only, train_decoder_tokenizer


def test_minilm_tells_indentation_apart() -> None:
    encode = encoder_of(minilm_tokenizer())
    assert encode("if x:\n    y = 1\n    z = 2") != encode("if x:\n    y = 1\nz = 2")
    assert encode("a\r\n\tb") == encode("a\n    b")
    assert len(encode("word " * 700)) == 700


def test_special_tokens_spelt_in_code_are_text() -> None:
    encode = encoder_of(minilm_tokenizer())
    assert 102 not in encode("x = '[SEP]'")
    decoder = encoder_of(train_decoder_tokenizer(["x = 1\n"], 300))
    assert 4 not in decoder("<step>")


def test_special_tokens_beside_the_vocabulary_keep_their_ids_and_are_no_text() -> None:
    tokenizer = base_tokenizer()
    ids = [tokenizer.token_to_id(name) for name in (END, BEGIN)]
    assert tokenizer.encode(END).ids == ids[:1], "added tokens are found in text"
    bare = text_only(tokenizer)
    assert [bare.token_to_id(name) for name in (END, BEGIN)] == ids
    assert not set(ids) & set(encoder_of(bare)(f"a {END}{BEGIN} b"))


ROOT = Path(__file__).parents[3]
SPELT = json.loads((ROOT / "test/fixtures/special-texts.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("folder", SPELT)
def test_texts_of_special_tokens_have_the_ids_that_scoring_gives_them(folder: str) -> None:
    encode = encoder_of(Tokenizer.from_file(str(ROOT / folder / "tokenizer.json")))
    assert [encode(case["text"]) for case in SPELT[folder]] == [case["ids"] for case in SPELT[folder]]


def test_a_unigram_vocabulary_does_not_hold_special_tokens_ready() -> None:
    pieces = [("<unk>", 0.0), ("<s>", 0.0), *((letter, -5.0) for letter in "\u2581ab<s>")]
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=0))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.add_special_tokens(["<unk>", "<s>"])
    for text in ("a<s>b", "a <s> b", "<s>"):
        assert 1 in tokenizer.encode(text).ids
        assert 1 not in encoder_of(text_only(tokenizer))(text)


def test_the_decoder_tokenizer_loses_nothing() -> None:
    tokenizer = train_decoder_tokenizer(["def f():\n    return 1\n"] * 3, 300)
    code = "def g():\r\n\treturn '日本'\n   \n"
    assert tokenizer.decode(tokenizer.encode(code, add_special_tokens=False).ids) == code
