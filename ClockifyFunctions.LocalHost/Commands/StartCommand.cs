using System.Net.Http.Json;
using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.LocalHost.Stack;

namespace ClockifyFunctions.LocalHost.Commands;

/// <summary>Runs the local stack until Ctrl+C.</summary>
internal static class StartCommand
{
    public static async Task<int> RunAsync(CommandLine line, CancellationToken cancel)
    {
        // Port 0 frees all of them; another one moves the API only.
        var fixedPorts = line.Port != 0;
        await using var stack = await StartStackAsync(line, cancel, line.Port ?? 7071, fixedPorts ? 5672 : 0, fixedPorts ? 7072 : 0);
        await CreateDestinationAsync(stack, "demo", line.Workspace ?? Seed.WorkspaceId, cancel);
        Console.WriteLine($$"""

            Running. Destination 'demo' is active and creates time entries in {{(stack.Simulator is null ? "the real Clockify" : $"the simulator at {stack.Simulator.BaseAddress}")}}.

            Open the console. The link carries the function key, which is new at each start:
              {{stack.Api.BaseAddress}}console#key={{stack.FunctionKey}}

            Send a record with curl:
              curl -i -H 'x-functions-key: {{stack.FunctionKey}}' -H 'content-type: application/json' \
                -d '{"start":"2026-11-23T09:00:00Z","end":"2026-11-23T10:00:00Z","description":"from curl"}' \
                {{stack.Api.BaseAddress}}destinations/demo/records

            or with any Service Bus SDK, to queue '{{LocalStack.Records}}', application property 'destination' = 'demo':
              {{(line.RealServiceBus ? "in the namespace of ServiceBusConnection" : stack.Bus.ConnectionString)}}

            Look at it:
              curl -H 'x-functions-key: {{stack.FunctionKey}}' {{stack.Api.BaseAddress}}destinations/demo/status

            Ctrl+C stops everything; {{(line.RealServiceBus || line.RealStorage ? "what is in Azure stays there" : "nothing is kept")}}.
            """);
        await StartPartCommand.WaitAsync(cancel);
        return 0;
    }

    public static Task<LocalStack> StartStackAsync(CommandLine line, CancellationToken cancel, int httpPort = 0, int busPort = 0, int simulatorPort = 0)
    {
        var options = new LocalStackOptions
        {
            ScriptRoot = line.Published ? Repository.PublishedBuild : Repository.DevelopmentBuild,
            HttpPort = httpPort,
            BusPort = busPort,
            SimulatorPort = simulatorPort,
            RealServiceBus = line.RealServiceBus ? Environment.GetEnvironmentVariable("ServiceBusConnection") : null,
            RealStorage = line.RealStorage ? Environment.GetEnvironmentVariable("StorageConnection") : null,
            Func = line.Func,
            RealApiKey = line.Workspace is null ? null : Environment.GetEnvironmentVariable("CLOCKIFY_API_KEY"),
        };
        return LocalStack.StartAsync(options, LocalLog.Create(), cancel);
    }

    public static async Task CreateDestinationAsync(LocalStack stack, string id, string workspace, CancellationToken cancel, string credential = LocalStack.Credential)
    {
        using var config = JsonContent.Create(new { credential, endpoint = "createTimeEntry", inputs = new { workspaceId = workspace } });
        using var put = await stack.Api.PutAsync($"destinations/{id}", config, cancel);
        put.EnsureSuccessStatusCode();
        using var activate = await stack.Api.PostAsync($"destinations/{id}/activate", null, cancel);
        activate.EnsureSuccessStatusCode();
    }
}
