"""Who serves which village: problem, solution, certificate, reasons, change.

    problem = make_problem(pairs=[("P1", "532323100201", 30)], slots={"P1": [0, 40]}, vacant=5000)
    solution = solve(problem)            # holder of every village, gap exactly 0
    reasons = Reasons(problem, solution) # the exact price of every other choice

Points are costs: integers, lower is better. `docs/reference/matching.md` has the formulation.
"""
