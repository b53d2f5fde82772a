using System.IO.Compression;
using System.Text.Json.Nodes;
using ClockifyFunctions.LocalHost.Stack;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.Infra;

/// <summary>What <c>./build.sh publish</c> packs; <c>./build.sh test</c> packs both variants first.</summary>
[Trait(Categories.Name, Categories.Process)]
public sealed class PackageTests
{
    private const int OwnerMayExecute = 0b001_000_000;

    [Theory]
    [InlineData("clockify-functions.zip", "ClockifyFunctions")]
    [InlineData("clockify-functions-portable.zip", "dotnet", "ClockifyFunctions.dll")]
    public void ThePackageIsAScriptRoot(string name, string executable, params string[] arguments)
    {
        using var zip = Open(name);
        var description = Json(zip, "host.json")["customHandler"]!["description"]!;
        Assert.Equal(executable, (string?)description["defaultExecutablePath"]);
        Assert.Equal(arguments, description["arguments"]?.AsArray().Select(argument => (string)argument!) ?? []);

        // The host looks for functions in the direct subfolders only.
        var functions = zip.Entries.Where(entry => entry.Name == "function.json").Select(entry => entry.FullName).Order();
        Assert.Equal(
            Directory.EnumerateFiles(Path.Combine(Repository.Root, "ClockifyFunctions", "Functions"), "function.json", SearchOption.AllDirectories)
                .Select(file => $"{Path.GetFileName(Path.GetDirectoryName(file))}/function.json").Order(),
            functions);
        Assert.All(functions, function => Assert.NotEmpty(Json(zip, function)["bindings"]!.AsArray()));

        Assert.NotNull(zip.GetEntry("sbom/app.cdx.json"));
        Assert.NotNull(zip.GetEntry("sbom/console.cdx.json"));

        string[] unwanted = [".pdb", ".dbg", "local.settings.json", "appsettings.Development.json"];
        Assert.DoesNotContain(zip.Entries, entry => unwanted.Any(ending => entry.Name.EndsWith(ending, StringComparison.Ordinal)));
    }

    [Fact]
    public void TheNativePackageHoldsAnExecutableForLinux()
    {
        using var zip = Open("clockify-functions.zip");
        var binary = Assert.Single(zip.Entries, entry => entry.FullName == "ClockifyFunctions");
        Assert.NotEqual(0, (binary.ExternalAttributes >> 16) & OwnerMayExecute);
        using var content = binary.Open();
        var magic = new byte[20];
        content.ReadExactly(magic);
        Assert.Equal("\u007fELF"u8, magic.AsSpan(0, 4));
        Assert.Equal(62, magic[18]); // x86-64
        Assert.DoesNotContain(zip.Entries, entry => entry.Name.EndsWith(".dll", StringComparison.Ordinal));
    }

    [Fact]
    public void ThePortablePackageHoldsNoExecutableOfOnePlatform()
    {
        using var zip = Open("clockify-functions-portable.zip");
        Assert.Contains(zip.Entries, entry => entry.FullName == "ClockifyFunctions.dll");
        Assert.Contains(zip.Entries, entry => entry.FullName == "ClockifyFunctions.runtimeconfig.json");
        Assert.DoesNotContain(zip.Entries, entry => entry.FullName == "ClockifyFunctions");
    }

    private static ZipArchive Open(string name)
    {
        var file = Path.Combine(Repository.Root, "out", name);
        Assert.True(File.Exists(file), $"There is no {file}: run ./build.sh publish and ./build.sh publish --portable first.");
        return ZipFile.OpenRead(file);
    }

    private static JsonNode Json(ZipArchive zip, string path)
    {
        using var content = zip.GetEntry(path)!.Open();
        return JsonNode.Parse(content)!;
    }
}
