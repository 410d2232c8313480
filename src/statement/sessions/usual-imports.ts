import type { SessionStep } from "./session.ts";

/** What docstrings use without importing it, by the name they use it under. */
const USUAL: Readonly<Record<string, string>> = {
  np: "import numpy as np",
  pd: "import pandas as pd",
  plt: "import matplotlib.pyplot as plt",
  sns: "import seaborn as sns",
  os: "import os",
  re: "import re",
  json: "import json",
  math: "import math",
  random: "import random",
  datetime: "from datetime import datetime",
  timedelta: "from datetime import timedelta",
  date: "from datetime import date",
  Counter: "from collections import Counter",
  Path: "from pathlib import Path",
  StringIO: "from io import StringIO",
  BytesIO: "from io import BytesIO",
  Image: "from PIL import Image",
  nltk: "import nltk",
  requests: "import requests",
  csv: "import csv",
  sqlite3: "import sqlite3",
};

/** Imports for the names that the steps use and nothing binds: neither a step nor the starter code. Pure text. */
export function usualImports(steps: readonly SessionStep[], starterCode: string): SessionStep[] {
  const text = steps.map(({ source }) => source).join("\n");
  return Object.entries(USUAL).flatMap(([name, source]) => {
    const isUsed = new RegExp(`(?<![\\w.'"])${name}(?=[.(])`).test(text);
    const isBound = new RegExp(`(?:import|as|,)[ \\t]+${name}\\b|^${name}\\s*=`, "m").test(
      `${importLines(starterCode)}\n${text}`,
    );
    return isUsed && !isBound ? [{ source }] : [];
  });
}

/** The lines of top-level imports. Pure text. */
export function importLines(code: string): string {
  return (code.match(/^(?:from|import)\s.*$/gm) ?? []).join("\n");
}
