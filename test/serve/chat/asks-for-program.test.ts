import { describe, expect, it } from "vitest";
import { whyNoProgram } from "../../../src/serve/chat/asks-for-program.ts";

const STATEMENT = `You are given n numbers. Print their sum.

Input

The first line holds n. The second line holds the numbers.

Output

Print the sum.

Example

Input
3
1 2 3

Output
6
`;

const STUB = `def add(a: int, b: int) -> int:
    """Return the sum.

    >>> add(1, 2)
    3
    """
`;

describe("asks for a Python program", () => {
  it.each([
    ["Write a Python function that returns the n-th prime."],
    ["write fizzbuzz in python"],
    ["Implement an LRU cache in Python 3."],
    ["I need a python script that reads a CSV and prints the sum of each column."],
    ["Solve the following problem in Python:\n\n" + STATEMENT],
    ["Could you please code a small program with Python which plays tic-tac-toe?"],
    ["Convert this Java code to Python:\n```java\nint f() { return 1; }\n```"],
    ["Complete this function:\n\n```python\n" + STUB + "```"],
    [STUB],
    ["Here is a stub.\n\n" + STUB],
    ["Fix this:\n```python\ndef f(x):\n    return x +\n```"],
    ["How do I write a function in Python that reverses a string?"],
    ["Write a python function to find the first repeated character.\nassert first('abca') == 'a'"],
    ["Write the implementation of `solve.py`: it prints a greeting."],
  ])("%s", (message) => {
    expect(whyNoProgram(message, "")).toBeUndefined();
  });

  it("where only the system message names the language", () => {
    expect(whyNoProgram(STATEMENT, "")).toBe("does not speak of Python");
    expect(whyNoProgram(STATEMENT, "You write Python 3 programs.")).toBeUndefined();
  });
});

describe("asks for something else", () => {
  it.each([
    ["Hello!", "does not speak of Python"],
    ["Write a function that adds two numbers.", "does not speak of Python"],
    ["Write a C++ program that adds two numbers.", "does not speak of Python"],
    ["Translate this Python function to Rust:\n```python\ndef f(): return 1\n```", "wants another language"],
    ["Write a quicksort in Java; I know Python well.", "wants another language"],
    ["What is a Python decorator?", "is a question"],
    ["Explain this:\n```python\n" + STUB + "```", "is a question"],
    ["Why is Python slow?", "is a question"],
    ["Write a docstring for this function:\n```python\ndef f(x):\n    return x\n```", "asks for no program"],
    ["Write unit tests for this function:\n```python\ndef f(x):\n    return x\n```", "asks for no program"],
    ["Write a poem about a python.", "asks for no program"],
    ["Thanks, python is fun.", "asks for no program"],
    ["Write a tutorial about Python classes.", "asks for no program"],
    ["Review my code:\n```python\ndef f(x):\n    return x\n```", "is a question"],
    ["Write a Python function. Answer with *SEARCH/REPLACE* blocks.", "wants edits of files"],
  ])("%s", (message, why) => {
    expect(whyNoProgram(message, "")).toBe(why);
  });

  it("and ends, however long a message is", () => {
    expect(whyNoProgram(`python ${"write a ".repeat(200_000)}`, "")).toBe("asks for no program");
    expect(whyNoProgram(`python ${"```\n".repeat(100_000)}`, "")).toBe("asks for no program");
  });
});
