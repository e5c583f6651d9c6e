import { defineStore } from 'pinia';
import { ref } from 'vue';
import { core } from '../api/core.ts';
import type { BoardStatus, BoardSuggestion } from '../../shared/contract/methods.ts';
import type { Board, NewBoard } from '../../shared/model/board.ts';
import type { Connection } from '../../shared/model/connection.ts';

/** The boards of the project with what is known of each, and places where more may be found. */
export const useBoards = defineStore('boards', () => {
  const list = ref<BoardStatus[]>([]);
  const suggestions = ref<BoardSuggestion[]>([]);
  const loaded = ref(false);

  async function load(): Promise<void> {
    list.value = await core().call('boards.list', {});
    loaded.value = true;
  }

  const find = (boardId: string): BoardStatus | undefined => list.value.find((status) => status.board.id === boardId);

  function takeConnection(connection: Connection): void {
    list.value = list.value.map((status) => status.board.id === connection.boardId ? { ...status, connection } : status);
  }

  async function add(board: NewBoard): Promise<Board> {
    const added = await core().call('boards.add', board);
    await load();
    return added;
  }

  async function update(boardId: string, changes: Partial<NewBoard>): Promise<void> {
    await core().call('boards.update', { boardId, changes });
    await load();
  }

  async function remove(boardId: string): Promise<void> {
    await core().call('boards.remove', { boardId });
    await load();
  }

  async function connect(boardId: string): Promise<void> {
    takeConnection(await core().call('boards.connect', { boardId }));
  }

  async function disconnect(boardId: string): Promise<void> {
    await core().call('boards.disconnect', { boardId });
    await load();
  }

  /** Forgets every key accepted for one server of a board; the next connection asks again. */
  async function forgetHostKeys(boardId: string, host: string, port: number): Promise<void> {
    await core().call('boards.forget-host-keys', { boardId, host, port });
    await load();
  }

  async function loadSuggestions(): Promise<void> {
    suggestions.value = await core().call('boards.suggestions', {});
  }

  function forget(): void {
    list.value = [];
    loaded.value = false;
  }

  return { list, suggestions, loaded, load, find, takeConnection, add, update, remove, connect, disconnect, forgetHostKeys, loadSuggestions, forget };
});
