namespace ClockifyFunctions.Tests.Support;

/// <summary>Traits by which <c>./build.sh test</c> chooses.</summary>
internal static class Categories
{
    public const string Name = "Category";

    /// <summary>The test starts a process. <c>./build.sh test --fast</c> leaves it out.</summary>
    public const string Process = "process";

    /// <summary>The test belongs to the security audit.</summary>
    public const string Security = "security";

    /// <summary>The test only shows that a benchmark runs. It is explicit: <c>./build.sh test --filter bench</c> runs it, nothing else does.</summary>
    public const string Bench = "bench";
}
