"""Static word embeddings: a sentence becomes the mean of its words' vectors, offline.

They come with the `wordllama` package (256 numbers a word, NumPy only, about 0.05 ms a
sentence); nothing is downloaded.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

SIZE = 256


def embed(texts: Sequence[str]) -> NDArray[np.float32]:
    """Return one unit vector a text: shape (texts, 256). Empty text gives zeros."""
    if not texts:
        return np.zeros((0, SIZE), dtype=np.float32)
    vectors = _model().embed([text.lower() or " " for text in texts], norm=True)
    return np.nan_to_num(np.asarray(vectors, dtype=np.float32))


@lru_cache(maxsize=1)
def _model() -> Any:
    # The tokenizer warns about threads after a fork; one sentence at a time needs none.
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    import wordllama

    # The package finds its own tokenizer only when told where it lies.
    return wordllama.WordLlama.load(
        cache_dir=Path(wordllama.__file__).parent, disable_download=True
    )
