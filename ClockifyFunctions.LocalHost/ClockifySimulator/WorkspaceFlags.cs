namespace ClockifyFunctions.LocalHost.ClockifySimulator;

/// <summary>Workspace settings that change status codes.</summary>
internal sealed record WorkspaceFlags
{
    /// <summary>A finished entry needs a project that is not archived. A running one passes. Default false.</summary>
    public bool ForceProjects { get; init; }

    /// <summary>Entries with an end are refused; owners and admins are exempt only when writing for a user by id. Default false.</summary>
    public bool ForceTimer { get; init; }

    /// <summary>Regular members may not touch entries that start before this instant. Default none.</summary>
    public DateTimeOffset? LockedBefore { get; init; }

    /// <summary>False rounds reported durations up to the next minute. Default true.</summary>
    public bool TrackTimeDownToSecond { get; init; } = true;

    /// <summary>Whether entries of type BREAK are accepted. Default false.</summary>
    public bool Breaks { get; init; }

    /// <summary>Whether regular members may write projects, tasks, clients and tags. Default false; 403/501 otherwise is assumed.</summary>
    public bool MembersManage { get; init; }

    /// <summary>What a project gets when isPublic or billable are left out of a create. Default true, as seen live.</summary>
    public bool NewProjectsArePublic { get; init; } = true;

    public bool NewProjectsAreBillable { get; init; } = true;

    /// <summary>What the workspace's plan includes, by the names of the API. Default: what the simulated calls ask for.</summary>
    public IReadOnlySet<string> Features { get; init; } = new SortedSet<string>(StringComparer.Ordinal)
    {
        "ADD_TIME_FOR_OTHERS", "BULK_EDIT", "CUSTOM_FIELDS", "EDIT_MEMBER_PROFILE", "EXPENSES", "INVOICING", "PROJECT_BUDGET", "TIME_OFF",
    };

    /// <summary>How long a new entry stays invisible to lists that have start or end; 45 s and more was seen live. Default 45 s.</summary>
    public TimeSpan DateWindowLag { get; init; } = TimeSpan.FromSeconds(45);
}
