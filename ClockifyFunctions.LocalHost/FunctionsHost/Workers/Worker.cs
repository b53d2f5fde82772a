using ClockifyFunctions.LocalHost.FunctionsHost.Protocol;
using Google.Protobuf.WellKnownTypes;

namespace ClockifyFunctions.LocalHost.FunctionsHost.Workers;

/// <summary>One worker: its process, its message stream and its capabilities.</summary>
internal sealed class Worker
{
    /// <summary>The time between WorkerTerminate and the kill of a worker that does not end.</summary>
    public static readonly TimeSpan TerminateGrace = TimeSpan.FromSeconds(5);

    /// <summary>How long to read the stream after the process has ended, because a response may still be in it.</summary>
    private static readonly TimeSpan LastMessages = TimeSpan.FromSeconds(1);

    private readonly TaskCompletionSource _dismissed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Dictionary<string, string> _loadErrors = [];
    private readonly TimeProvider _time;

    public Worker(IWorkerProcess process, WorkerChannel channel, IReadOnlyDictionary<string, string> capabilities, TimeProvider time)
    {
        (Process, Channel, Capabilities, _time) = (process, channel, capabilities, time);
        Ended = EndAsync();
    }

    public IWorkerProcess Process { get; }

    public WorkerChannel Channel { get; }

    public IReadOnlyDictionary<string, string> Capabilities { get; }

    /// <summary>The address at which the worker serves HTTP; null if it does not serve HTTP.</summary>
    public Uri? HttpUri => Capabilities.TryGetValue("HttpUri", out var uri) && Uri.TryCreate(uri, UriKind.Absolute, out var address) ? address : null;

    /// <summary>Completes with the exit code after the process has ended and its last messages have been handled.</summary>
    public Task<int> Ended { get; }

    /// <summary>Completes when the supervisor must replace this worker.</summary>
    public Task Dismissed => _dismissed.Task;

    /// <summary>Tells the supervisor to start another worker and terminate this one. Running invocations of this worker are not reported as failed.</summary>
    public void Dismiss() => _dismissed.TrySetResult();

    /// <returns>The reason why the worker could not load the function; null if it loaded it.</returns>
    public string? LoadErrorOf(string functionId) => _loadErrors.GetValueOrDefault(functionId);

    /// <exception cref="WorkerStartException">The worker reports no functions.</exception>
    public async Task<IReadOnlyList<RpcFunctionMetadata>> ReadFunctionsAsync(string scriptRoot)
    {
        var message = await Channel.AskAsync(new StreamingMessage
        {
            FunctionsMetadataRequest = new FunctionsMetadataRequest { FunctionAppDirectory = scriptRoot },
        });
        var response = message.FunctionMetadataResponse;
        if (response.Result?.Status == StatusResult.Types.Status.Failure)
            throw new WorkerStartException($"The worker could not list its functions: {response.Result.Exception?.Message}");
        if (response.UseDefaultMetadataIndexing)
            throw new WorkerStartException("The worker does not list its functions. Build it with FunctionsEnableWorkerIndexing, the default.");
        return response.FunctionMetadataResults;
    }

    /// <summary>Loads the functions. As with the real host, each invocation of a function that could not be loaded fails.</summary>
    public async Task LoadAsync(IEnumerable<RpcFunctionMetadata> functions)
    {
        foreach (var function in functions)
        {
            var message = await Channel.AskAsync(new StreamingMessage
            {
                FunctionLoadRequest = new FunctionLoadRequest { FunctionId = function.FunctionId, Metadata = function },
            });
            if (message.FunctionLoadResponse.Result is { Status: not StatusResult.Types.Status.Success } failed)
                _loadErrors[function.FunctionId] = failed.Exception?.Message ?? "The worker could not load the function.";
        }
    }

    /// <summary>Asks the worker to end, and kills it after <see cref="TerminateGrace"/>.</summary>
    public async Task TerminateAsync()
    {
        if (Capabilities.ContainsKey("HandlesWorkerTerminateMessage"))
        {
            Channel.Tell(new StreamingMessage { WorkerTerminate = new WorkerTerminate { GracePeriod = Duration.FromTimeSpan(TerminateGrace) } });
            await ((Task)Process.Exited).WaitAsync(TerminateGrace, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        Process.Kill();
        await Ended;
    }

    public void CancelInvocation(string invocationId)
    {
        if (Capabilities.ContainsKey("HandlesInvocationCancelMessage"))
            Channel.Tell(new StreamingMessage { InvocationCancel = new InvocationCancel { InvocationId = invocationId } });
    }

    private async Task<int> EndAsync()
    {
        var exitCode = await Process.Exited;
        // Use real time, because the process did not use the clock of a test.
        await Channel.ReadToEnd.WaitAsync(LastMessages, TimeProvider.System).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Channel.Close();
        return exitCode;
    }
}
