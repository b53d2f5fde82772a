using System.Diagnostics;
using System.Reflection;
using ClockifyFunctions.LocalHost.Stack;

namespace ClockifyFunctions.Tests.Infra;

/// <summary>
/// <c>infra/main.bicep</c>, evaluated by the Bicep compiler without Azure, for two sets of parameters. The compiler runs once for all
/// test classes of the collection.
/// </summary>
public sealed class EvaluatedTemplate : IAsyncLifetime
{
    public const string Producer = "11111111-1111-1111-1111-111111111111", Consumer = "22222222-2222-2222-2222-222222222222", AppRegistration = "33333333-3333-3333-3333-333333333333";

    private const string AllParameters = $$"""
        using 'main.bicep'
        param credentials = [{ name: 'default' }, { name: 'second', allowedHosts: 'api.example.com' }]
        param manageCredentials = true
        param producers = [{ objectId: '{{Producer}}' }]
        param consumers = [{ objectId: '{{Consumer}}', type: 'Group' }]
        param privateNetworking = true
        param addressSpace = '10.20.30.0/24'
        param outboundPorts = ['443', '8443']
        param allowedAddresses = ['203.0.113.0/24', '198.51.100.7/32']
        param allowedDeploymentAddresses = ['203.0.113.9/32']
        param entra = { clientId: '{{AppRegistration}}', applications: ['{{Producer}}'] }
        param softDeleteDays = 14
        param quarantineRetentionDays = 30
        param journalRetentionDays = 90
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("clockify-bicep-").FullName;

    /// <summary>What the compiler and the linter report.</summary>
    internal string Diagnostics { get; private set; } = "";

    /// <summary>The resources that <c>infra/main.bicepparam</c> creates.</summary>
    internal PredictedResources Default { get; private set; } = null!;

    /// <summary>The resources with all options enabled.</summary>
    internal PredictedResources Everything { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        // The compiler writes its result next to the parameters.
        var infra = Path.Combine(Repository.Root, "infra");
        foreach (var file in Directory.EnumerateFiles(infra, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(_folder, Path.GetRelativePath(infra, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        await File.WriteAllTextAsync(Path.Combine(_folder, "everything.bicepparam"), AllParameters, TestContext.Current.CancellationToken);
        var results = await Task.WhenAll(EvaluateAsync("main"), EvaluateAsync("everything"));
        Diagnostics = string.Concat(results.Select(result => result.Diagnostics));
        (Default, Everything) = (results[0].Resources, results[1].Resources);
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    private async Task<(PredictedResources Resources, string Diagnostics)> EvaluateAsync(string parameters)
    {
        var cancel = TestContext.Current.CancellationToken;
        var compiler = typeof(EvaluatedTemplate).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "BicepPath").Value!;
        string[] arguments =
        [
            "snapshot", $"{parameters}.bicepparam", "--mode", "overwrite", "--resource-group", "rg", "--location", "westeurope",
            "--subscription-id", PredictedResources.Subscription, "--tenant-id", PredictedResources.Tenant,
        ];
        using var process = Process.Start(new ProcessStartInfo(compiler, arguments) { WorkingDirectory = _folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync(cancel);
        var diagnostics = await process.StandardError.ReadToEndAsync(cancel) + await output;
        await process.WaitForExitAsync(cancel);
        Assert.True(process.ExitCode == 0, diagnostics);
        return (PredictedResources.Parse(await File.ReadAllTextAsync(Path.Combine(_folder, $"{parameters}.snapshot.json"), cancel)), diagnostics);
    }
}
