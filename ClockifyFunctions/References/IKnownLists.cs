using ClockifyFunctions.Sending;

namespace ClockifyFunctions.References;

/// <summary>What is known of Clockify's lists at the moment: by a drain, which may find out more, or by a preview.</summary>
internal interface IKnownLists
{
    IExternalKeys Keys { get; }

    /// <summary>Null: the list was not read, or too long ago.</summary>
    Snapshot? Find(ListKey key);

    /// <summary>Lists of other parents that are known anyway.</summary>
    IEnumerable<Snapshot> Others(ListKey key);

    /// <summary>Whether what the snapshot says of a name is new enough: that it has none, or several, or this one.</summary>
    bool WasSearched(Snapshot snapshot, string member, string name);

    /// <summary>The answer that did not tell what was asked just now; null if there is none.</summary>
    CallResult? FailureOf(Need need);

    /// <summary>Why an object was not created just now, or is not to be tried; null: it may be.</summary>
    (string Kind, string Message)? WhyNotCreated(Need.Create create);

    /// <summary>Names of the list that are close to one that it does not have.</summary>
    IReadOnlyList<string> Close(ListKey key, string member, string name);
}
