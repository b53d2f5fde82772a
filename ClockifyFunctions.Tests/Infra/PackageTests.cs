using System.Diagnostics;
using System.Reflection.PortableExecutable;
using System.Text.Json.Nodes;
using ClockifyFunctions.LocalHost.Stack;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.Infra;

/// <summary>The content of the package of <c>./build.sh publish</c>. <c>./build.sh test</c> publishes the same folder first.</summary>
[Trait(Categories.Name, Categories.Process)]
public sealed class PackageTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void ThePublishedFolderContainsWhatAHostNeedsAndNothingElse()
    {
        var functions = Json("functions.metadata").AsArray().Select(function => (string)function!["name"]!);
        Assert.Equal(AppFunctions.All.Keys.Order(), functions.Order());
        var worker = Json("worker.config.json")["description"]!;
        // FunctionsNetHost, which starts the app in Azure, loads the library into its own process.
        Assert.Equal(("dotnet", "ClockifyFunctions.dll"), ((string?)worker["defaultExecutablePath"], (string?)worker["defaultWorkerPath"]));
        Assert.Contains(".azurefunctions", Json("extensions.json").ToJsonString(), StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(Folder, "host.json")));

        string[] unwanted = [".pdb", "local.settings.json", "appsettings.Development.json", "function.json"];
        Assert.DoesNotContain(Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories).Select(Path.GetFileName), file => unwanted.Any(ending => file!.EndsWith(ending, StringComparison.Ordinal)));
    }

    [Fact]
    public void ThePublishedAppIsCompiledAheadOfTime()
    {
        using var app = new PEReader(File.OpenRead(Path.Combine(Folder, "ClockifyFunctions.dll")));
        Assert.NotEqual(0, app.PEHeaders.CorHeader!.ManagedNativeHeaderDirectory.Size);
    }

    [Fact]
    public async Task WithoutTheOfficialServiceBusTriggerNoPackageIsCreatedAndTheReasonIsPrinted()
    {
        if (File.Exists(Path.Combine(Folder, "Microsoft.Azure.Functions.Worker.Extensions.ServiceBus.dll"))) Assert.Skip("The package feed has the official trigger.");
        using var publish = Process.Start(new ProcessStartInfo(Path.Combine(Repository.Root, "build.sh"), ["publish"]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var message = await publish.StandardError.ReadToEndAsync(Cancel);
        await publish.WaitForExitAsync(Cancel);
        Assert.Equal(1, publish.ExitCode);
        Assert.Contains("Microsoft.Azure.Functions.Worker.Extensions.ServiceBus is missing from the package feed", message, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(Repository.Root, "out", "clockify-functions.zip")));
    }

    private static string Folder
    {
        get
        {
            Assert.True(Directory.Exists(Repository.PublishedBuild), $"There is no {Repository.PublishedBuild}: run ./build.sh test.");
            return Repository.PublishedBuild;
        }
    }

    private static JsonNode Json(string file) => JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, file)))!;
}
