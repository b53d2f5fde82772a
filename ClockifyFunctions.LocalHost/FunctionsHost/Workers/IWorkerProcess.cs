namespace ClockifyFunctions.LocalHost.FunctionsHost.Workers;

/// <summary>The process that runs a worker.</summary>
internal interface IWorkerProcess : IDisposable
{
    int Id { get; }

    /// <summary>Completes with the exit code.</summary>
    Task<int> Exited { get; }

    /// <summary>The last lines on stderr. They usually say why the process ended.</summary>
    string LastErrors { get; }

    /// <summary>Ends the process at once; does nothing after its end.</summary>
    void Kill();
}
