using System.Text.Json.Nodes;
using ClockifyFunctions.LocalHost.Stack;
using ClockifyFunctions.Messaging;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.Functions;

/// <summary>The function metadata that the build creates for the Functions host. The expected bindings are those that Microsoft documents for its own attributes.</summary>
public class FunctionMetadataTests
{
    [Theory]
    [InlineData("IngestRecords", "messages", Queues.RecordsName, "Many")]
    [InlineData("DrainBacklog", "ticket", Queues.DrainName, "One")]
    public void AServiceBusFunctionHasTheBindingOfTheOfficialAttribute(string function, string parameter, string queue, string cardinality)
    {
        var expected = new JsonObject
        {
            ["name"] = parameter,
            ["direction"] = "In",
            ["type"] = "serviceBusTrigger",
            ["queueName"] = queue,
            ["connection"] = "ServiceBusConnection",
            ["cardinality"] = cardinality,
            ["properties"] = new JsonObject { ["supportsDeferredBinding"] = "True" },
        };
        var binding = Assert.Single(AppFunctions.All[function])!;
        Assert.True(JsonNode.DeepEquals(expected, binding), binding.ToJsonString());
    }

    [Fact]
    public void TheSweepRunsOnTheScheduleOfTheSettingsAndAtStart()
    {
        var timer = Assert.Single(AppFunctions.Triggers("timerTrigger")).Value;
        Assert.Equal(("%SWEEP_SCHEDULE%", false, true), ((string?)timer["schedule"], (bool)timer["useMonitor"]!, (bool)timer["runOnStartup"]!));
    }

    [Fact]
    [Trait(Categories.Name, Categories.Security)]
    public void NoRouteParameterMatchesSeveralSegmentsAndOpenRoutesMatchFileNamesOnly()
    {
        const string fileName = "{name:regex(^[A-Za-z0-9._-]+$)}";
        string[] open = ["health/live", "console", $"console/{fileName}", $"console/assets/{fileName}"];
        var triggers = AppFunctions.Triggers("httpTrigger").Values;
        Assert.All(triggers, trigger => Assert.DoesNotContain("*", (string)trigger["route"]! is var route && open.Contains(route) ? "" : route, StringComparison.Ordinal));
        Assert.Equal(open.Order(), triggers.Where(trigger => (string?)trigger["authLevel"] == "Anonymous").Select(trigger => (string)trigger["route"]!).Order());
        Assert.All(triggers, trigger => Assert.Single(trigger["methods"]!.AsArray()));
    }

    [Fact]
    public void TheAppFolderContainsWhatAHostNeeds()
    {
        var worker = JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.DevelopmentBuild, "worker.config.json")))!["description"]!;
        Assert.Equal(("dotnet-isolated", "ClockifyFunctions.dll"), ((string?)worker["language"], (string?)worker["defaultWorkerPath"]));
        var host = JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.DevelopmentBuild, "host.json")))!.AsObject();
        Assert.Equal(File.ReadAllText(Path.Combine(Repository.Root, "host.json")), File.ReadAllText(Path.Combine(Repository.DevelopmentBuild, "host.json")));
        // A host of an isolated worker would look for a bundle on the network and load nothing from it.
        Assert.False(host.ContainsKey("extensionBundle"));
    }
}
