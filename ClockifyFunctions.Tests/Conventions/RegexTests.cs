using ClockifyFunctions.LocalHost.Stack;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.Conventions;

/// <summary>A backtracking regular expression can need exponential time for a short text, so one message could stop the app.</summary>
[Trait(Categories.Name, Categories.Security)]
public sealed class RegexTests
{
    /// <summary>All ways to create or use a regular expression.</summary>
    private static readonly string[] Uses = ["GeneratedRegex(", "new Regex(", "Regex.IsMatch(", "Regex.Match(", "Regex.Matches(", "Regex.Replace(", "Regex.Split(", "Regex.Count(", "Regex.EnumerateMatches("];

    [Fact]
    public void NoRegexOfTheAppBacktracks()
    {
        var app = Path.Combine(Repository.Root, "ClockifyFunctions");
        string[] sources = [.. Directory.EnumerateFiles(app, "*.cs", SearchOption.AllDirectories).Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))];
        Assert.Contains(sources, source => source.EndsWith("MacroReader.cs", StringComparison.Ordinal));
        Assert.Empty(sources.SelectMany(source => Backtracking(File.ReadAllText(source)).Select(use => $"{Path.GetRelativePath(app, source)}: {use} needs RegexOptions.NonBacktracking, or read the format by hand")));
    }

    [Theory]
    [InlineData("[GeneratedRegex(\"a(b)+\")]", 1)]
    [InlineData("[GeneratedRegex(\"a(b)+\", RegexOptions.NonBacktracking)]", 0)]
    [InlineData("_ = new Regex(\"x\"); _ = Regex.IsMatch(text, \"y)\", RegexOptions.NonBacktracking);", 1)]
    [InlineData("_ = Regex.Replace(Trim(text), \"y\", \"NonBacktracking\");", 1)]
    public void EveryUseIsFound(string source, int count) => Assert.Equal(count, Backtracking(source).Count());

    private static IEnumerable<string> Backtracking(string source)
    {
        foreach (var use in Uses)
            for (var at = source.IndexOf(use, StringComparison.Ordinal); at >= 0; at = source.IndexOf(use, at + 1, StringComparison.Ordinal))
                if (!Arguments(source, at + use.Length).Contains("RegexOptions.NonBacktracking", StringComparison.Ordinal)) yield return source[at..Math.Min(source.Length, at + 60)];
    }

    /// <summary>The text up to the closing parenthesis of the call; parentheses in string literals do not count.</summary>
    private static string Arguments(string source, int start)
    {
        var (depth, inText) = (1, false);
        for (var at = start; at < source.Length; at++)
        {
            if (source[at] == '"' && source[at - 1] != '\\') inText = !inText;
            if (inText) continue;
            depth += source[at] switch { '(' => 1, ')' => -1, _ => 0 };
            if (depth == 0) return source[start..at];
        }

        return source[start..];
    }
}
