using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using ClockifyFunctions.LocalHost.Stack;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.Infra;

/// <summary>Checks of the dependencies that the build downloads, see docs/decisions/supply-chain.md.</summary>
[Trait(Categories.Name, Categories.Process)]
[Trait("Category", "security")]
public sealed partial class SupplyChainTests
{
    public static TheoryData<string> Projects =>
        [.. XDocument.Load(Path.Combine(Repository.Root, "ClockifyFunctions.slnx")).Descendants("Project").Select(project => (string)project.Attribute("Path")!)];

    [Theory]
    [MemberData(nameof(Projects))]
    public void TheLockFileOfAProjectContainsAVersionAndAHashOfEachPackage(string project)
    {
        var files = new[] { "packages.lock.json", "packages.fallback.lock.json" }.Select(name => Path.Combine(Repository.Root, Path.GetDirectoryName(project)!, name)).Where(File.Exists).ToArray();
        Assert.NotEmpty(files);
        Assert.All(files, file => AssertIsComplete(JsonNode.Parse(File.ReadAllText(file))!["dependencies"]!["net10.0"]!.AsObject(), project));
    }

    private static void AssertIsComplete(JsonObject locked, string project)
    {
        var referenced = XDocument.Load(Path.Combine(Repository.Root, project)).Descendants("PackageReference")
            .Where(reference => reference.AncestorsAndSelf().All(element => element.Attribute("Condition") is null))
            .Select(reference => (string)reference.Attribute("Include")!);
        Assert.Subset(locked.Where(package => (string?)package.Value!["type"] == "Direct").Select(package => package.Key).ToHashSet(), referenced.ToHashSet());
        Assert.All(locked.Where(package => (string?)package.Value!["type"] != "Project"), package =>
        {
            Assert.NotEmpty((string?)package.Value!["resolved"] ?? "");
            Assert.NotEmpty((string?)package.Value["contentHash"] ?? "");
        });
    }

    [Fact]
    public void RestoreChecksAllPackagesForKnownVulnerabilities()
    {
        var properties = XDocument.Load(Path.Combine(Repository.Root, "Directory.Build.props")).Descendants("PropertyGroup").Elements().ToLookup(element => element.Name.LocalName);
        Assert.Equal("true", properties["NuGetAudit"].Single().Value);
        Assert.Equal("all", properties["NuGetAuditMode"].Single().Value);
        Assert.Equal("low", properties["NuGetAuditLevel"].Single().Value);
        Assert.Equal("true", properties["RestorePackagesWithLockFile"].Single().Value);

        // A feed without vulnerability data is never an error. A vulnerability is an error in CI only.
        var always = properties["WarningsNotAsErrors"].Single(element => element.Attribute("Condition") is null).Value.Split(';');
        Assert.Contains("NU1905", always);
        Assert.DoesNotContain("NU1901", always);
        var locally = properties["WarningsNotAsErrors"].Single(element => element.Attribute("Condition") is not null);
        Assert.Equal("'$(CI)' != 'true'", (string?)locally.Attribute("Condition"));
        Assert.Subset(locally.Value.Split(';').ToHashSet(), new HashSet<string> { "NU1901", "NU1902", "NU1903", "NU1904" });
    }

    [Fact]
    public void EveryActionIsPinnedByCommitAndNamesItsVersion()
    {
        var uses = Directory.EnumerateFiles(Path.Combine(Repository.Root, ".github"), "*.yml", SearchOption.AllDirectories)
            .SelectMany(File.ReadLines).Where(line => line.Contains("uses:", StringComparison.Ordinal)).ToList();
        Assert.True(uses.Count >= 7, "The workflows use at least seven actions.");
        Assert.All(uses, line => Assert.Matches(PinnedAction(), line));
    }

    [Fact]
    public void EachSystemPackageIsPrintedWithItsReasonBeforeItIsInstalled()
    {
        var script = File.ReadAllLines(Path.Combine(Repository.Root, "build.sh"));
        var installations = Enumerable.Range(0, script.Length).Where(line => script[line].Contains("apt-get install", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(installations);
        Assert.All(installations, line => Assert.Contains(script[(line - 3)..line], before => before.Contains("echo", StringComparison.Ordinal) && before.Contains("Installing the Debian package", StringComparison.Ordinal)));

        // Each call of the function that installs a package has three arguments. The last one is the reason.
        var calls = script.Select(line => line.Trim()).Where(line => line.StartsWith("optional ", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(calls);
        Assert.All(calls, call => Assert.Matches("^optional [a-z-]+ [a-z-]+ '.+'$", call));
    }

    [Fact]
    public async Task TheListsOfComponentsNameThePackagesOfTheAppAndTheConsole()
    {
        var cancel = TestContext.Current.CancellationToken;
        var folder = Directory.CreateTempSubdirectory("clockify-sbom-");
        try
        {
            using var process = Process.Start(new ProcessStartInfo(Path.Combine(Repository.Root, "build.sh"), ["sbom", folder.FullName]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            var errors = process.StandardError.ReadToEndAsync(cancel);
            var output = process.StandardOutput.ReadToEndAsync(cancel);
            await process.WaitForExitAsync(cancel);
            Assert.True(process.ExitCode == 0, await output + await errors);

            AssertList("app.cdx.json", "ClockifyFunctions", "Azure.Storage.Blobs", "Polly.Core");
            AssertList("console.cdx.json", "WebConsole", "preact", "uplot");
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        void AssertList(string file, string name, params string[] expected)
        {
            var list = JsonNode.Parse(File.ReadAllText(Path.Combine(folder.FullName, "sbom", file)))!;
            Assert.Equal("CycloneDX", (string?)list["bomFormat"]);
            Assert.Equal(name, (string?)list["metadata"]!["component"]!["name"]);
            var versions = list["components"]!.AsArray().ToLookup(component => (string)component!["name"]!, component => (string?)component!["version"]);
            Assert.All(expected, component => Assert.Contains(component, versions.Select(group => group.Key)));
            Assert.All(versions.SelectMany(group => group), version => Assert.False(string.IsNullOrEmpty(version)));
        }
    }

    [GeneratedRegex("^ *- uses: [A-Za-z-]+/[a-z-]+@[0-9a-f]{40} # v[0-9]+(\\.[0-9]+)+$", RegexOptions.NonBacktracking)]
    private static partial Regex PinnedAction();
}
