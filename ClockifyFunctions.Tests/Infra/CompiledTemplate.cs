using System.Diagnostics;
using System.Reflection;
using System.Text.Json.Nodes;
using ClockifyFunctions.LocalHost.Stack;

namespace ClockifyFunctions.Tests.Infra;

/// <summary>What the compiler makes of <c>infra/main.bicep</c>, and all it has to say about it.</summary>
public sealed class CompiledTemplate : IAsyncLifetime
{
    private List<JsonObject> _resources = [];

    public string Diagnostics { get; private set; } = "";

    public int ExitCode { get; private set; }

    public async ValueTask InitializeAsync()
    {
        (ExitCode, var json, Diagnostics) = await BicepAsync("build", Path.Combine(Repository.Root, "infra", "main.bicep"), "--stdout");
        _resources = [.. Resources(JsonNode.Parse(json)!)];
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>All resources of a type, those of the modules included.</summary>
    internal IReadOnlyList<JsonObject> All(string type) => [.. _resources.Where(resource => (string?)resource["type"] == type)];

    internal JsonObject Single(string type) => Assert.Single(All(type));

    internal static async Task<(int ExitCode, string Output, string Diagnostics)> BicepAsync(params string[] arguments)
    {
        var compiler = typeof(CompiledTemplate).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "BicepPath").Value!;
        using var process = Process.Start(new ProcessStartInfo(compiler, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var diagnostics = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await diagnostics);
    }

    private static IEnumerable<JsonObject> Resources(JsonNode template)
    {
        // An object of symbolic names, or an array where nothing in the module needs them.
        var resources = template["resources"] is JsonObject named ? named.Select(pair => pair.Value!) : template["resources"]!.AsArray().Select(node => node!);
        foreach (var resource in resources.Select(node => node.AsObject()))
        {
            yield return resource;
            if (resource["properties"] is JsonObject properties && properties["template"] is { } inner)
                foreach (var nested in Resources(inner)) yield return nested;
        }
    }
}
