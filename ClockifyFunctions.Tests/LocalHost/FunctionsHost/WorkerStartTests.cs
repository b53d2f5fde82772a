using ClockifyFunctions.LocalHost.FunctionsHost.Config;
using ClockifyFunctions.LocalHost.FunctionsHost.Protocol;
using ClockifyFunctions.LocalHost.FunctionsHost.Workers;
using ClockifyFunctions.LocalHost.Stack;

namespace ClockifyFunctions.Tests.LocalHost.FunctionsHost;

/// <summary>The start of a worker, from its process to the start of the listeners.</summary>
public sealed class WorkerStartTests : IDisposable
{
    private readonly TestHost _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task TheWorkerGetsTheCommandLineAndTheEnvironmentOfTheRealHost()
    {
        await using var host = await _host.StartAsync();
        var worker = await _host.Workers.NextWorkerAsync();

        Assert.True(Path.IsPathRooted(worker.Start.FileName) && File.Exists(worker.Start.FileName), worker.Start.FileName);
        Assert.Equal("dotnet", Path.GetFileNameWithoutExtension(worker.Start.FileName));
        Assert.Equal(Path.Combine(_host.Folder, "app.dll"), worker.Start.ArgumentList[0]);
        Assert.Equal(worker.Argument("--functions-uri"), $"http://{worker.Argument("--host")}:{worker.Argument("--port")}/");
        Assert.Equal(worker.Argument("--functions-worker-id"), worker.Argument("--workerId"));
        Assert.Equal(worker.Argument("--functions-request-id"), worker.Argument("--requestId"));
        Assert.Equal("2147483647", worker.Argument("--functions-grpc-max-message-length"));
        Assert.Equal(_host.Folder, worker.Start.WorkingDirectory);
        Assert.Equal((_host.Folder, _host.Folder), (worker.Start.Environment["FUNCTIONS_APPLICATION_DIRECTORY"], worker.Start.Environment["FUNCTIONS_WORKER_DIRECTORY"]));
        Assert.Equal(("dotnet-isolated", "work"), (worker.Start.Environment["FUNCTIONS_WORKER_RUNTIME"], worker.Start.Environment["QUEUE"]));
    }

    [Fact]
    public void AWrapperGetsTheCompleteCommandLine()
    {
        var root = ScriptRoot.Read(_host.Folder, _host.Settings);

        var start = new WorkerLaunch(root, _host.Settings, "/usr/bin/env").For(Guid.NewGuid(), new Uri("http://127.0.0.1:1"));

        Assert.Equal("/usr/bin/env", start.FileName);
        Assert.Equal("dotnet", Path.GetFileNameWithoutExtension(start.ArgumentList[0]));
        Assert.Equal(Path.Combine(_host.Folder, "app.dll"), start.ArgumentList[1]);
    }

    [Fact]
    public async Task AWorkerWithAnotherIdIsRefused()
    {
        _host.Workers.WorkerId = Guid.NewGuid().ToString();

        var refused = await Assert.ThrowsAsync<WorkerStartException>(_host.StartAsync);

        Assert.Contains("exit code 134", refused.Message);
        Assert.Contains("last words", refused.Message);
    }

    [Fact]
    public async Task LogsOfAnInvocationAreKeptAndUserLogsOutsideAnInvocationAreDropped()
    {
        _host.Workers.Function("Sweep", """{"name":"timer","type":"timerTrigger","direction":"In","schedule":"0 0 3 * * *","runOnStartup":true,"properties":{}}""");
        await using var host = await _host.StartAsync();
        var worker = await _host.Workers.NextWorkerAsync();
        var invocation = await worker.NextInvocationAsync();

        await worker.LogAsync(new RpcLog { InvocationId = invocation.InvocationId, Level = RpcLog.Types.Level.Warning, Message = "inside" });
        await worker.LogAsync(new RpcLog { Level = RpcLog.Types.Level.Warning, Message = "outside" });
        await worker.LogAsync(new RpcLog { LogCategory = RpcLog.Types.RpcLogCategory.System, Level = RpcLog.Types.Level.Information, Message = "system" });
        var running = host.RunTimerAsync("Sweep");
        await worker.SucceedAsync(invocation);
        await worker.SucceedAsync(await worker.NextInvocationAsync());

        Assert.True(await running);
        Assert.Contains("inside", _host.Logged);
        Assert.Contains("system", _host.Logged);
        Assert.DoesNotContain("outside", _host.Logged);
    }

    [Fact]
    public async Task ARefusalListsEveryUnsupportedFeature()
    {
        _host.Workers
            .Function("Topic", """{"name":"m","type":"serviceBusTrigger","topicName":"t","connection":"None","properties":{}}""")
            .Function("Blob", """{"name":"b","type":"blobTrigger"}""")
            .Function("Out", """{"name":"t","type":"timerTrigger","schedule":"bad"}""", """{"name":"o","type":"sendGrid","direction":"Out"}""")
            .Function("None");
        _host.Workers.Functions[^1].RetryOptions = new RpcRetryOptions();

        var refused = await Assert.ThrowsAsync<HostRefusedException>(_host.StartAsync);

        foreach (var part in new[] { "topicName", "'None'", "no deferred binding", "blobTrigger", "'bad'", "'sendGrid'", "retry policies", "has 0 triggers" })
            Assert.Contains(refused.Problems, problem => problem.Contains(part, StringComparison.Ordinal));
        Assert.Equal(0, await (await _host.Workers.NextWorkerAsync()).Exited);
    }

    [Fact]
    public void ARefusalOfTheAppFolderListsEveryProblem()
    {
        _host.Write("host.json", """{ "version": "2.0", "extensionBundle": {}, "durableTask": {}, "extensions": { "serviceBus": { "maxConcurrentCalls": 0 } } }""");
        _host.Write("worker.config.json", """{ "description": { "language": "node", "defaultWorkerPath": "none.dll" } }""");
        _host.Settings["FUNCTIONS_WORKER_RUNTIME"] = "custom";

        var refused = Assert.Throws<HostRefusedException>(() => ScriptRoot.Read(_host.Folder, _host.Settings));

        foreach (var part in new[] { "extensionBundle", "durableTask", "maxConcurrentCalls", "'node'", "none.dll", "defaultExecutablePath", "workerIndexing", "'custom'" })
            Assert.Contains(refused.Problems, problem => problem.Contains(part, StringComparison.Ordinal));
    }

    [Fact]
    public async Task ADisabledFunctionHasNoTrigger()
    {
        _host.Workers.Http("Items", "items", "Anonymous");
        _host.Settings["AzureWebJobs.Items.Disabled"] = "true";
        await using var host = await _host.StartAsync();
        using var http = new HttpClient { BaseAddress = host.Address };

        using var answer = await http.GetAsync(new Uri("api/items", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(404, (int)answer.StatusCode);
    }

    [Fact]
    public void EveryStackHasItsOwnFunctionKey()
    {
        var key = new LocalStackOptions().FunctionKey;

        Assert.Matches("^[A-Za-z0-9_-]{43}$", key);
        Assert.NotEqual(key, new LocalStackOptions().FunctionKey);
    }
}
