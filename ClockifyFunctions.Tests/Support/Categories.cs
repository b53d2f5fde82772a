namespace ClockifyFunctions.Tests.Support;

/// <summary>Traits by which <c>./build.sh test</c> chooses.</summary>
internal static class Categories
{
    public const string Name = "Category";

    /// <summary>The test starts a process. <c>./build.sh test --fast</c> leaves it out.</summary>
    public const string Process = "process";
}
