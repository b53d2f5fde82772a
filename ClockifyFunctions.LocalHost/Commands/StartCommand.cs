using System.Net;
using System.Net.Http.Json;
using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.LocalHost.Stack;

namespace ClockifyFunctions.LocalHost.Commands;

/// <summary>Runs the local stack until Ctrl+C.</summary>
internal static class StartCommand
{
    public static async Task<int> RunAsync(CommandLine line, CancellationToken cancel)
    {
        var ports = LocalPorts.From(line.Port);
        // If a part is replaced by a real service, no port of this machine is needed for it.
        ports = ports with { Bus = line.RealServiceBus ? 0 : ports.Bus, Clockify = line.Workspace is null ? ports.Clockify : 0 };
        ports.CheckFree();
        await using var stack = await StartStackAsync(line, ports, cancel);
        await CreateDestinationAsync(stack, "demo", line.Workspace ?? stack.Options.Simulator.WorkspaceId, cancel);
        Console.WriteLine($$"""

            Running. Destination 'demo' is active and creates time entries in {{(stack.Simulator is null ? "the real Clockify" : $"the simulator at {stack.Simulator.BaseAddress}")}}.

            Open the console. The link carries the function key, which is new at each start:
              {{stack.Api.BaseAddress}}console#key={{stack.FunctionKey}}

            For the commands of the README and those below:
              export KEY={{stack.FunctionKey}} API={{stack.Api.BaseAddress!.ToString().TrimEnd('/')}}

            Send a record with curl:
              curl -i -H "x-functions-key: $KEY" -H 'content-type: application/json' \
                -d '{"start":"2026-11-23T09:00:00Z","end":"2026-11-23T10:00:00Z","description":"from curl"}' \
                $API/destinations/demo/records

            or with any Service Bus SDK, to queue '{{LocalStack.Records}}', application property 'destination' = 'demo':
              {{(line.RealServiceBus ? "in the namespace of ServiceBusConnection" : stack.Bus.ConnectionString)}}

            Show the status of the destination:
              curl -H "x-functions-key: $KEY" $API/destinations/demo/status

            Ctrl+C stops everything; {{(line.RealServiceBus || line.RealStorage ? "data in Azure is kept" : line.Keep is { } folder ? $"destinations, credentials, waiting records and the quarantine are kept in {folder}" : "nothing is kept (--keep FOLDER keeps destinations, credentials, waiting records and the quarantine)")}}.
            """);
        await StartPartCommand.WaitAsync(cancel);
        return 0;
    }

    /// <param name="workspace">Of the simulator. Default: that of the command line, else the seed.</param>
    public static Task<LocalStack> StartStackAsync(CommandLine line, LocalPorts ports, CancellationToken cancel, WorkspaceFile? workspace = null)
    {
        var options = new LocalStackOptions
        {
            ScriptRoot = line.Published ? Repository.PublishedBuild : Repository.DevelopmentBuild,
            HttpPort = ports.Api,
            BusPort = ports.Bus,
            SimulatorPort = ports.Clockify,
            DataFolder = line.Keep,
            RealServiceBus = line.RealServiceBus ? Environment.GetEnvironmentVariable("ServiceBusConnection") : null,
            RealStorage = line.RealStorage ? Environment.GetEnvironmentVariable("StorageConnection") : null,
            Func = line.Func,
            Simulator = new SimulatorOptions { Workspace = workspace ?? line.ReadWorkspace() },
            RealApiKey = line.Workspace is null ? null : Environment.GetEnvironmentVariable("CLOCKIFY_API_KEY"),
        };
        return LocalStack.StartAsync(options, LocalLog.Create(), cancel);
    }

    /// <summary>Creates and activates a destination for time entries. If a destination with this id was kept from an earlier run, it is not changed.</summary>
    public static async Task CreateDestinationAsync(LocalStack stack, string id, string workspace, CancellationToken cancel, string credential = LocalStack.Credential)
    {
        using var config = JsonContent.Create(new { credential, endpoint = "createTimeEntry", inputs = new { workspaceId = workspace } });
        using var request = new HttpRequestMessage(HttpMethod.Put, $"destinations/{id}") { Content = config, Headers = { { "If-None-Match", "*" } } };
        using var put = await stack.Api.SendAsync(request, cancel);
        if (put.StatusCode == HttpStatusCode.PreconditionFailed) return;
        put.EnsureSuccessStatusCode();
        using var activate = await stack.Api.PostAsync($"destinations/{id}/activate", null, cancel);
        activate.EnsureSuccessStatusCode();
    }
}
