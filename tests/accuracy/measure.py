"""Writes reference values at the extremes of our distribution functions, for `cargo xtask reference`.

Degrees of freedom from 1 to 1e12 and tails from one half to 1e-300, drawn evenly on the scale of logarithms; values by mpmath with 40 digits, tails as
integrals of the density. Usage: measure.py FOLDER [SEED] [CASES]; half a minute of a processor for 100 cases of each function.
"""

import json
import math
import os
import random
import sys

from mpmath import mp, mpf

mp.dps = 40


def erfc_tail(x):
    return mp.erfc(mpf(x) / mp.sqrt(2)) / 2


def from_here(log_density, x, rate):
    """The integral of a density beyond x, over the logarithm of the distance from 0; the integrand falls at least with `rate`."""
    top = log_density(x)
    inner = lambda s: mp.exp(log_density(x * mp.exp(s)) - top + s)
    points = [mpf(0)] + [mpf(k) / rate for k in (2, 6, 14, 30, 60, 100)]
    return x * mp.exp(top) * mp.quad(inner, points)


def t_log_density(df):
    norm = mp.loggamma((df + 1) / 2) - mp.loggamma(df / 2) - mp.log(df * mp.pi) / 2
    return lambda x: norm - (df + 1) / 2 * mp.log1p(x * x / df)


def t_tail(x, df):
    x, df = mpf(x), mpf(df)
    log_density = t_log_density(df)
    if x < 1.5:
        return mpf(1) / 2 - mp.quad(lambda u: mp.exp(log_density(u)), [0, x])
    rate = (df + 1) * x * x / (df + x * x) - 1
    return from_here(log_density, x, max(rate, mpf(1) / 5))


def chi_square_log_density(df):
    norm = -mp.loggamma(df / 2) - df / 2 * mp.log(2)
    return lambda x: norm + (df / 2 - 1) * mp.log(x) - x / 2


def chi_square_tail(x, df):
    x, df = mpf(x), mpf(df)
    return from_here(chi_square_log_density(df), x, max(x / 2 - df / 2, mpf(1) / 5))


def degrees_of_freedom(chance, most):
    return float(f"{10 ** chance.uniform(0, math.log10(most)):.4g}")


def t_argument(chance, df):
    """An x whose tail is roughly evenly spread in its logarithm, from one half to 1e-300."""
    depth = chance.uniform(0.4, 690) # of -ln(tail)
    # The tail of t is about (1 + x²/df)^(-df/2).
    return math.sqrt(df * math.expm1(min(2 * depth / df, 690))) if depth > 1 else depth


def solve(tail, log_density, x):
    """The x of the f64 that is nearest to the tail at x."""
    q = float(tail(x))
    better = mpf(x)
    for _ in range(2):
        better += (tail(better) - q) / mp.exp(log_density(better))
    return q, better


def cases(seed, n):
    chance = random.Random(seed)
    files = {}

    def add(name, kind, given, **expected):
        known = files.setdefault(name, [])
        known.append({"id": f"{kind}/{len(known):03}", "kind": kind, "input": given,
                      "expected": {field: float(value) for field, value in expected.items()}})

    for _ in range(n):
        x = float(f"{chance.uniform(0, 37.0):.6g}")
        add("normal tail", "norm", {"x": x}, sf=erfc_tail(x))
        add("normal tail, logarithm", "norm", {"x": x}, ln_sf=mp.log(erfc_tail(x)))
        normal = lambda u: -u * u / 2 - mp.log(2 * mp.pi) / 2
        q, better = solve(erfc_tail, normal, max(x, 0.01))
        add("normal quantile", "norm_isf", {"q": q}, x=better)

        df = degrees_of_freedom(chance, 1e12)
        x = t_argument(chance, df)
        if math.isfinite(x):
            tail = t_tail(x, df)
            if tail >= 1e-300:
                add("t tail", "t", {"x": x, "df": df}, sf=tail)
                q, better = solve(lambda u: t_tail(u, df), t_log_density(mpf(df)), x)
                add("t quantile", "t_isf", {"q": q, "df": df}, x=better)
            add("t tail, logarithm", "t", {"x": x, "df": df}, ln_sf=mp.log(tail))

        df = degrees_of_freedom(chance, 1000)
        x = df + chance.uniform(0, 1400)
        tail = chi_square_tail(x, df)
        if tail >= 1e-300:
            add("chi-square tail", "chi2", {"x": x, "df": df}, sf=tail)
        add("chi-square tail, logarithm", "chi2", {"x": x, "df": df}, ln_sf=mp.log(tail))
    return files


def main(folder, seed=1, n=100):
    os.makedirs(folder, exist_ok=True)
    for name, found in cases(seed, n).items():
        # What the manuals say at most of each function.
        most = {"t tail": 6e-13, "t quantile": 3e-13, "chi-square tail": 3e-13}.get(name, 2e-14)
        document = {"meta": {"file": name, "tolerance": f"rel {most}"}, "cases": found}
        with open(os.path.join(folder, f"{name}.json"), "w", encoding="utf-8") as file:
            json.dump(document, file)


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
