"""Reference values for src/study/measures_tests.rs: the measures of three readers by scikit-learn, SciPy and statsmodels.

    pip install scikit-learn scipy statsmodels
    python3 tests/reader_study.py
"""

import numpy as np
from scipy.stats import norm
from sklearn.metrics import accuracy_score, recall_score, roc_auc_score
from statsmodels.stats.inter_rater import aggregate_raters, fleiss_kappa
from statsmodels.stats.proportion import proportion_confint

TRUTH = np.array([0, 1] * 10)
READERS = [
    ("01010111010001010111", [5, 4, 3, 2, 4, 1, 2, 5, 3, 3, 4, 1, 5, 2, 1, 4, 3, 5, 1, 2]),
    ("11010101110101001101", [2, 3, 1, 5, 5, 4, 2, 1, 3, 5, 1, 2, 4, 4, 3, 2, 5, 1, 2, 3]),
    ("00010001010000010001", [5, 1, 4, 4, 5, 3, 2, 5, 1, 4, 3, 2, 1, 1, 5, 4, 2, 3, 2, 5]),
]


def log_linear(called, kind):
    """z of a share after the log-linear correction."""
    of_kind = TRUTH == kind
    return norm.ppf((called[of_kind].sum() + 0.5) / (of_kind.sum() + 1))


answers = []
for text, confidence in READERS:
    said = np.array([int(digit) for digit in text])
    signed = np.where(said == 1, confidence, -np.array(confidence))
    hit, alarm = log_linear(said, 1), log_linear(said, 0)
    print("accuracy", accuracy_score(TRUTH, said), "hits", recall_score(TRUTH, said), "false alarms", 1 - recall_score(TRUTH, said, pos_label=0))
    print("  d'", hit - alarm, "c", -(hit + alarm) / 2, "AUC", roc_auc_score(TRUTH, signed))
    print("  Wilson", proportion_confint((said == TRUTH).sum(), len(TRUTH), method="wilson"))
    answers.append(said)
print("Fleiss' kappa", fleiss_kappa(aggregate_raters(np.array(answers).T)[0]))

right = np.array(answers) == TRUTH
random, draws = np.random.default_rng(0), []
for _ in range(20_000):
    cases = np.concatenate([random.choice(np.where(TRUTH == kind)[0], 10) for kind in (0, 1)])
    draws.append(right[np.ix_(random.choice(len(READERS), len(READERS)), cases)].mean())
print("mean accuracy", right.mean(), "readers and cases drawn", np.quantile(draws, [0.025, 0.975]))
