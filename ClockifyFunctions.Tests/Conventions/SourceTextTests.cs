using ClockifyFunctions.LocalHost.Stack;

namespace ClockifyFunctions.Tests.Conventions;

/// <summary>The parts of the format of source files that no analyzer of the build checks.</summary>
public sealed class SourceTextTests
{
    private static readonly string[] Endings = [".cs", ".csproj", ".props", ".json", ".md", ".sh", ".bicep", ".js", ".mjs", ".ts", ".tsx", ".css", ".html", ".yml"];

    [Fact]
    public void SourceFilesAreFormatted()
    {
        var files = Files(new DirectoryInfo(Repository.Root)).ToArray();
        Assert.Contains(files, file => file.Name == $"{nameof(SourceTextTests)}.cs");
        Assert.Empty(files.SelectMany(file => Problems(File.ReadAllText(file.FullName)).Select(problem => $"{Path.GetRelativePath(Repository.Root, file.FullName)} {problem}")));
    }

    [Theory]
    [InlineData("using System;\nusing Azure;\n\nclass A;\n")]
    [InlineData("using System;\nusing Azure;\nusing static Azure.B;\nusing C = Azure.D;\n", "")]
    [InlineData("using Azure;\nusing System;\n", "has unsorted using directives: 'using System;' after 'using Azure;'")]
    [InlineData("class A;\r\n", "has a carriage return in line 1")]
    [InlineData("class A; \n", "has white space at the end of line 1")]
    [InlineData("class A;", "does not end with one line feed")]
    [InlineData("class A;\n\n", "does not end with one line feed")]
    public void EachProblemIsFound(string text, string problem = "") => Assert.Equal(problem, string.Join("; ", Problems(text)));

    private static IEnumerable<FileInfo> Files(DirectoryInfo folder) => folder.EnumerateFiles()
        .Where(file => Endings.Contains(file.Extension) && !file.Name.EndsWith("lock.json", StringComparison.Ordinal))
        .Concat(folder.EnumerateDirectories().Where(inner => inner.Name is not (".git" or "bin" or "obj" or "out" or "dist" or "node_modules" or "samples" or "Golden" or "Fixtures")).SelectMany(Files));

    private static IEnumerable<string> Problems(string text)
    {
        if (text.Length > 0 && (text[^1] != '\n' || text.EndsWith("\n\n", StringComparison.Ordinal))) yield return "does not end with one line feed";
        var lines = text.Split('\n');
        for (var number = 1; number <= lines.Length; number++)
            if (lines[number - 1].EndsWith('\r')) yield return $"has a carriage return in line {number}";
            else if (lines[number - 1].TrimEnd() != lines[number - 1]) yield return $"has white space at the end of line {number}";
        var imports = lines.SkipWhile(line => !IsImport(line)).TakeWhile(IsImport).ToArray();
        foreach (var (earlier, later) in imports.Zip(imports.Skip(1)))
            if (Place(earlier).CompareTo(Place(later)) > 0) yield return $"has unsorted using directives: '{later}' after '{earlier}'";
    }

    private static bool IsImport(string line) => line.StartsWith("using ", StringComparison.Ordinal);

    /// <summary>Namespaces are before static classes and aliases, and <c>System</c> is before other namespaces.</summary>
    private static (int Kind, int Root, string Name) Place(string line)
    {
        var name = line["using ".Length..^1];
        return name.Contains('=') ? (2, 0, Key(name)) : name.StartsWith("static ", StringComparison.Ordinal) ? (1, 0, Key(name)) : (0, name == "System" || name.StartsWith("System.", StringComparison.Ordinal) ? 0 : 1, Key(name));

        // A namespace is before the namespaces that it contains.
        static string Key(string name) => name.Replace('.', '\0').ToUpperInvariant();
    }
}
