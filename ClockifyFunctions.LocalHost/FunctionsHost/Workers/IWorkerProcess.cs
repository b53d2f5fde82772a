namespace ClockifyFunctions.LocalHost.FunctionsHost.Workers;

/// <summary>The process that runs a worker.</summary>
internal interface IWorkerProcess : IDisposable
{
    int Id { get; }

    /// <summary>Completes with the exit code when the process ends.</summary>
    Task<int> Exited { get; }

    /// <summary>The last lines on stderr, which usually contain the reason why the process ended.</summary>
    string LastErrors { get; }

    /// <summary>Ends the process immediately. It does nothing if the process has already ended.</summary>
    void Kill();
}
