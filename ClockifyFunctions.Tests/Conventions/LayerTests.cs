using System.Text.RegularExpressions;
using ClockifyFunctions.LocalHost.Stack;

namespace ClockifyFunctions.Tests.Conventions;

/// <summary>The layers of docs/architecture.md: a folder of the app uses folders on lower lines, and those to its right on its own line.</summary>
public sealed class LayerTests
{
    /// <summary>The layers, highest first.</summary>
    private static readonly string[][] Layers =
    [
        ["Functions", "Lifetime"],
        ["Api", "WebConsole"],
        ["Maintenance", "Ingest", "Draining", "Delivery"],
        ["Sync", "References"],
        ["Backlog", "Journaling", "Quarantine", "Responses"],
        ["Sending", "RateLimiting"],
        ["Rendering"],
        ["Destinations"],
        ["Templates"],
        ["Storage", "Messaging", "Telemetry", "Configuration"],
    ];

    [Fact]
    public void EachFolderUsesOnlyFoldersBelowItOrToItsRight()
    {
        var uses = ReadUses();
        Assert.Equal(Layers.SelectMany(line => line).Order(StringComparer.Ordinal), uses.Keys.Order(StringComparer.Ordinal));
        // Verify that the test has read the sources.
        Assert.Contains("Journaling", uses["Delivery"].Keys);
        Assert.Contains("Draining", uses["Functions"].Keys);
        Assert.Empty(WrongUses(uses));
    }

    [Theory]
    [InlineData("Storage", "Delivery", false)]
    [InlineData("Backlog", "Responses", true)]
    [InlineData("Responses", "Backlog", false)]
    [InlineData("Delivery", "Draining", false)]
    [InlineData("Delivery", "Storage", true)]
    public void AWrongUseIsFound(string folder, string used, bool isRight) =>
        Assert.Equal(isRight, !WrongUses(new Dictionary<string, Dictionary<string, string>> { [folder] = new() { [used] = "Some.cs" } }).Any());

    private static IEnumerable<string> WrongUses(Dictionary<string, Dictionary<string, string>> uses) =>
        from folder in uses
        from used in folder.Value
        where Rank(folder.Key) is var mine && Rank(used.Key) is var other && (other.Line < mine.Line || (other.Line == mine.Line && other.Place < mine.Place))
        select $"{used.Value}: {folder.Key} may not use {used.Key}.";

    private static (int Line, int Place) Rank(string folder)
    {
        var line = Array.FindIndex(Layers, names => names.Contains(folder));
        return (line, Array.IndexOf(Layers[line], folder));
    }

    /// <summary>For each folder, the other folders that its sources use, each with one of these sources.</summary>
    private static Dictionary<string, Dictionary<string, string>> ReadUses()
    {
        var app = Path.Combine(Repository.Root, "ClockifyFunctions");
        var uses = new Dictionary<string, Dictionary<string, string>>(StringComparer.Ordinal);
        foreach (var source in Directory.EnumerateFiles(app, "*.cs", SearchOption.AllDirectories))
        {
            var path = Path.GetRelativePath(app, source).Split(Path.DirectorySeparatorChar);
            if (path.Length == 1 || path[0] is "bin" or "obj" || path.Contains("node_modules")) continue;
            if (!uses.TryGetValue(path[0], out var used)) uses[path[0]] = used = new(StringComparer.Ordinal);
            foreach (Match use in Regex.Matches(File.ReadAllText(source), @"^using (?:static )?(?:\w+ = )?ClockifyFunctions\.(\w+)", RegexOptions.Multiline | RegexOptions.NonBacktracking))
                if (use.Groups[1].Value != path[0]) used.TryAdd(use.Groups[1].Value, string.Join('/', path));
        }

        return uses;
    }
}
