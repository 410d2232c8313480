"""Line ends and indentation reach the model."""

from bases import BEGIN, END, base_tokenizer

from funprm_training.tokenizers import encoder_of, minilm_tokenizer, text_only, train_decoder_tokenizer


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


def test_the_decoder_tokenizer_loses_nothing() -> None:
    tokenizer = train_decoder_tokenizer(["def f():\n    return 1\n"] * 3, 300)
    code = "def g():\r\n\treturn '日本'\n   \n"
    assert tokenizer.decode(tokenizer.encode(code, add_special_tokens=False).ids) == code
