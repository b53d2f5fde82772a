namespace ClockifyFunctions.LocalHost.ClockifySimulator;

/// <summary>What lists filter by: projects, tasks, clients and tags.</summary>
internal interface INamed
{
    string Id { get; }

    string Name { get; }

    /// <summary>For a task: DONE.</summary>
    bool Archived { get; }
}
