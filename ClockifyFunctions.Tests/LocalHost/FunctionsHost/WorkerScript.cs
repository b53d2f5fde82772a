using System.Diagnostics;
using System.Threading.Channels;
using ClockifyFunctions.LocalHost.FunctionsHost.Protocol;
using ClockifyFunctions.LocalHost.FunctionsHost.Workers;
using Microsoft.Extensions.Logging;

namespace ClockifyFunctions.Tests.LocalHost.FunctionsHost;

/// <summary>The data that the scripted workers of one test report to the host, and the workers that the host has started.</summary>
internal sealed class WorkerScript
{
    private readonly Channel<ScriptedWorker> _started = Channel.CreateUnbounded<ScriptedWorker>();

    public List<RpcFunctionMetadata> Functions { get; } = [];

    /// <summary>The functions that the worker cannot load: the errors by function id.</summary>
    public Dictionary<string, string> LoadErrors { get; } = [];

    public Dictionary<string, string> Capabilities { get; } = new()
    {
        ["HandlesWorkerTerminateMessage"] = "true",
        ["HandlesInvocationCancelMessage"] = "true",
    };

    /// <summary>The id that a worker sends instead of the id from its command line.</summary>
    public string? WorkerId { get; set; }

    /// <summary>Whether a worker ends immediately when the host asks for it. Default true.</summary>
    public bool EndsOnTerminate { get; set; } = true;

    public bool HasStartedMore => _started.Reader.Count > 0;

    public IWorkerProcess Start(ProcessStartInfo start, ILogger console)
    {
        var worker = new ScriptedWorker(start, this);
        _started.Writer.TryWrite(worker);
        return worker;
    }

    public async Task<ScriptedWorker> NextWorkerAsync() => await _started.Reader.ReadAsync(TestContext.Current.CancellationToken);

    public WorkerScript Function(string name, params string[] bindings)
    {
        Functions.Add(new RpcFunctionMetadata
        {
            Name = name,
            FunctionId = "id-of-" + name,
            ScriptFile = "app.dll",
            EntryPoint = "App." + name,
            Language = "dotnet-isolated",
            RawBindings = { bindings },
        });
        return this;
    }

    public WorkerScript Queue(string name = "Work", string cardinality = "One", string queue = "%QUEUE%") => Function(name, $$$"""
        {"name":"message","direction":"In","type":"serviceBusTrigger","queueName":"{{{queue}}}","connection":"Bus","cardinality":"{{{cardinality}}}","properties":{"supportsDeferredBinding":"True"}}
        """);

    public WorkerScript Http(string name, string route, string level = "Function", string methods = "\"get\"") => Function(name, $$$"""
        {"name":"request","direction":"In","type":"httpTrigger","authLevel":"{{{level}}}","methods":[{{{methods}}}],"route":"{{{route}}}","properties":{}}
        """, """{"name":"$return","type":"http","direction":"Out"}""");
}
