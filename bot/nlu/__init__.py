"""Understanding of texts, trained on data/nlu/."""
