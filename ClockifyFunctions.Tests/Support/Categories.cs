namespace ClockifyFunctions.Tests.Support;

/// <summary>Traits by which <c>./build.sh test</c> selects tests.</summary>
internal static class Categories
{
    public const string Name = "Category";

    /// <summary>The test starts a process. <c>./build.sh test --fast</c> skips it.</summary>
    public const string Process = "process";

    /// <summary>The test belongs to the security audit.</summary>
    public const string Security = "security";

    /// <summary>The test only checks that a benchmark runs. It is explicit: only <c>./build.sh test --filter bench</c> runs it.</summary>
    public const string Bench = "bench";
}
