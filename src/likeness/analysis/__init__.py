"""Analysis: questions asked of trained models; one file for each kind of question."""
