"""What tea-tasting and statsmodels say to the same units, as files for `cargo xtask reference`. Usage: compare.py FOLDER [SEED]."""

import json
import math
import os
import sys
import warnings

import numpy as np
import pandas as pd
import tea_tasting as tt
from scipy import stats
from statsmodels.regression.linear_model import OLS
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.power import NormalIndPower, TTestIndPower
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW

warnings.simplefilter("ignore")
PER_UNIT = "count(user.unit.exposure)"
SEEDS = 8


class Files:
    """One file for each method: its cases, and how far apart the answers may be."""

    def __init__(self):
        self.files = {}

    def add(self, name, kind, given, expected, tolerance=1e-12):
        meta, cases = self.files.setdefault(name, ({"file": name, "tolerance": f"rel {tolerance}"}, []))
        cases.append({"id": f"{kind}/{len(cases):03}", "kind": kind, "input": given, "expected": expected})

    def write(self, folder):
        os.makedirs(folder, exist_ok=True)
        for old in os.listdir(folder):
            os.remove(os.path.join(folder, old))
        for name, (meta, cases) in self.files.items():
            with open(os.path.join(folder, f"{name}.json"), "w", encoding="utf-8") as file:
                json.dump({"meta": meta, "cases": cases}, file)


def users(random, n, effect):
    """Skewed revenue, views and clicks, with what was before; a stratum of each user."""
    before = random.gamma(2.0, 5.0, n)
    stratum = (before > 6).astype(int) + (before > 13)
    buys = random.random(n) < 0.4
    value = buys * random.lognormal(1.0, 0.8, n) * effect + 0.3 * before
    views_before = 1 + random.poisson(random.gamma(1.0, 6.0, n))
    clicks_before = random.binomial(views_before, random.beta(2.0, 9.0, n))
    views = 1 + random.poisson(0.6 * views_before)
    clicks = random.binomial(views, np.minimum(1, effect * (0.1 + 0.5 * clicks_before / views_before)))
    names = ["value", "click", "view", "before value", "before click", "before view"]
    columns = [value, clicks, views, before, clicks_before, views_before]
    return pd.DataFrame(dict(zip(names, columns))).astype(float).assign(stratum=stratum)


def request(control, treatment, goals, numerator, denominator=PER_UNIT, **more):
    return {"goals": goals, "control": control[goals].values.tolist(), "treatment": treatment[goals].values.tolist(),
            "numerator": numerator, "denominator": denominator, **more}


def with_tea_tasting(files, control, treatment):
    data = pd.concat([control.assign(variant=0), treatment.assign(variant=1)])
    value, click, view = (f"value(user.unit.{name})" for name in ("value", "click", "view"))
    before = ["before value", "before click", "before view"]
    methods = [
        ("tea-tasting, mean", tt.Mean("value"), request(control, treatment, ["value"], value)),
        ("tea-tasting, mean, greater", tt.Mean("value", alternative="greater"),
         request(control, treatment, ["value"], value, alternative="greater")),
        ("tea-tasting, ratio", tt.RatioOfMeans("click", "view"), request(control, treatment, ["click", "view"], click, view)),
        ("tea-tasting, mean, covariate", tt.Mean("value", before[0]),
         request(control, treatment, ["value", before[0]], value, covariate="pre-period", scope="total")),
        ("tea-tasting, ratio, covariate", tt.RatioOfMeans("click", "view", before[1], before[2]),
         request(control, treatment, ["click", "view", *before[1:]], click, view, covariate="pre-period", scope="total")),
    ]
    for name, metric, given in methods:
        found = tt.Experiment(metric=metric).analyze(data)["metric"]
        expected = {"difference": found.effect_size, "p_value": found.pvalue, "statistic": found.statistic,
                    "relative": found.rel_effect_size, "lower": found.effect_size_ci_lower, "upper": found.effect_size_ci_upper,
                    "relative_lower": found.rel_effect_size_ci_lower, "relative_upper": found.rel_effect_size_ci_upper}
        expected = {field: finite(value) for field, value in expected.items()}
        # The logarithm's limits are the ones that tea-tasting has.
        files.add(name, "scorecard", {**given, "relative": "log"}, expected)


def with_statsmodels(files, control, treatment):
    value = "value(user.unit.value)"
    pair = CompareMeans(DescrStatsW(treatment.value), DescrStatsW(control.value))
    for ours, theirs in (("two-sided", "two-sided"), ("greater", "larger"), ("less", "smaller")):
        statistic, p_value, df = pair.ttest_ind(alternative=theirs, usevar="unequal")
        lower, upper = pair.tconfint_diff(alternative=theirs, usevar="unequal")
        given = request(control, treatment, ["value"], value, alternative=ours)
        files.add("statsmodels, Welch", "scorecard", given,
                  {"statistic": statistic, "p_value": p_value, "degrees_of_freedom": df, "lower": finite(lower), "upper": finite(upper)})
    error = pair.std_meandiff_separatevar
    low, high = -1.5 * error, 2.5 * error
    p_value = pair.ttost_ind(low, high, usevar="unequal")[0]
    files.add("statsmodels, equivalence", "scorecard",
              request(control, treatment, ["value"], value, equivalence=[low, high]), {"margin_p_value": p_value})
    p_value = pair.ttest_ind(alternative="larger", usevar="unequal", value=-error)[1]
    files.add("statsmodels, non-inferiority", "scorecard",
              request(control, treatment, ["value"], value, non_inferiority=error), {"margin_p_value": p_value})
    regressions(files, control, treatment, value)


def regressions(files, control, treatment, value):
    both = pd.concat([control, treatment])
    treated = np.repeat([0.0, 1.0], [len(control), len(treatment)])
    before = both["before value"].values - both["before value"].mean()
    one = np.ones(len(both))
    columns = ["value", "before value"]
    slope = OLS(both.value.values, np.column_stack([one, treated, before])).fit()
    given = request(control, treatment, columns, value, covariate="pre-period", scope="within")
    files.add("statsmodels, covariate within", "scorecard", given, {"difference": slope.params[1]})
    slopes = OLS(both.value.values, np.column_stack([one, treated, before, before * treated])).fit()
    given = request(control, treatment, columns, value, covariate="pre-period", scope="per-variant")
    files.add("statsmodels, covariate per variant", "scorecard", given, {"difference": slopes.params[1]})

    shares = both.stratum.value_counts(normalize=True).sort_index()
    inside = np.column_stack([(both.stratum == k) - shares[k] for k in shares.index[1:]])
    design = np.column_stack([one, treated, inside, inside * treated[:, None]])
    strata = OLS(both.value.values, design).fit(cov_type="HC2")
    # The regression takes the shares of strata as given; ours are drawn, which adds the spread of the effects over N.
    effects = treatment.groupby("stratum").value.mean() - control.groupby("stratum").value.mean()
    spread = float((shares * effects**2).sum() - (shares * effects).sum() ** 2) / len(both)
    given = request(control, treatment, ["value"], value, strata=[control.stratum.tolist(), treatment.stratum.tolist()])
    files.add("statsmodels, post-stratification", "scorecard", given,
              {"difference": strata.params[1], "standard_error": math.sqrt(strata.bse[1] ** 2 + spread)})


NAMES = {"bonferroni": "bonferroni", "sidak": "sidak", "holm": "holm", "holm_sidak": "holm-sidak", "hochberg": "simes-hochberg",
         "hommel": "hommel", "benjamini_hochberg": "fdr_bh", "benjamini_yekutieli": "fdr_by"}


def corrections(files, random):
    # Also small ones, where 1 - (1 - p)^m would have no digits left.
    for m, smallest in ((1, 3), (2, 3), (5, 3), (12, 3), (12, 30)):
        p = 10.0 ** -random.uniform(0, smallest, m)
        for ours, theirs in NAMES.items():
            adjusted = multipletests(p, method=theirs)[1]
            files.add(f"statsmodels, {ours}", "p_values", {"p": p.tolist(), "alpha": 0.05}, {ours: {"adjusted": adjusted.tolist()}})


def planning(files, random):
    for sides, name in ((1, "larger"), (2, "two-sided")):
        for _ in range(10):
            n, ratio, d, alpha = int(random.integers(5, 800)), int(random.integers(1, 4)), random.uniform(0.05, 0.6), random.choice([0.01, 0.05, 0.1])
            given = {"alpha": alpha, "sides": sides, "n_control": n, "n_treatment": ratio * n, "var_control": 1.0, "var_treatment": 1.0, "effect": d}
            power = TTestIndPower().power(d, n, alpha, ratio=ratio, alternative=name)
            files.add("statsmodels, power of t", "t_pooled", given, {"power": power})
            units = math.ceil(TTestIndPower().solve_power(d, alpha=alpha, power=0.8, alternative=name))
            files.add("statsmodels, units for t", "t_sample_size",
                      {"alpha": alpha, "power": 0.8, "sides": sides, "std": 1.0, "effect": d, "ratio": 1.0}, {"n_per_group": units})
            given = {"alpha": alpha, "power": 0.8, "sides": sides, "ratio_treatment_to_control": float(ratio), "var_control": 1.0,
                     "var_treatment": 1.0, "effect": d, "n_control": n}
            power = NormalIndPower().power(d, n, alpha, ratio=ratio, alternative=name)
            files.add("statsmodels, power of z", "normal", given, {"power_at_n": power})


def checks(files, random):
    for _ in range(10):
        counts = random.multinomial(20_000, [0.5, 0.3, 0.2]).tolist()
        weights = [5, 3, 2]
        shares = [20_000 * w / 10 for w in weights]
        files.add("scipy, sample ratio", "srm_chi2", {"counts": counts, "weights": weights},
                  {"p_value": stats.chisquare(counts, shares).pvalue, "test_stat": stats.chisquare(counts, shares).statistic})
        data = pd.DataFrame({"variant": np.repeat([0, 1], counts[:2])})
        ratio = tt.SampleRatio(ratio=0.6, method="norm", correction=False)
        found = tt.Experiment(ratio=ratio).analyze(data)["ratio"]
        files.add("tea-tasting, sample ratio", "srm_chi2", {"counts": counts[:2], "weights": [5, 3]}, {"p_value": found.pvalue})
        hits = int(random.integers(0, 60))
        lower, upper = proportion_confint(hits, 1_000, alpha=0.05, method="beta")
        files.add("statsmodels, Clopper–Pearson", "rejection_rate_interval",
                  {"rejections": hits, "runs": 1_000, "level": 0.95}, {"cp_lower": lower, "cp_upper": upper})


def finite(value):
    value = float(value)
    return value if math.isfinite(value) else str(value)


def main(folder, seed=1):
    files = Files()
    for at in range(SEEDS):
        random = np.random.default_rng([seed, at])
        control, treatment = users(random, 300, 1.0), users(random, 400, 1.1)
        with_tea_tasting(files, control, treatment)
        with_statsmodels(files, control, treatment)
    random = np.random.default_rng([seed, SEEDS])
    corrections(files, random)
    planning(files, random)
    checks(files, random)
    files.write(folder)


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
