import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import { core } from '../api/core.ts';
import type { CampaignDetail, CampaignPreview, CampaignTemplate, CampaignTemplateId, CampaignView, CampaignWish } from '../../shared/model/campaign.ts';

/** Campaigns of the project, and the one that is looked at. */
export const useCampaigns = defineStore('campaigns', () => {
  const list = ref<CampaignView[]>([]);
  const templates = ref<CampaignTemplate[]>([]);
  const shown = shallowRef<CampaignDetail | null>(null);

  async function load(): Promise<void> {
    list.value = await core().call('campaigns.list', {});
  }

  async function loadTemplates(): Promise<void> {
    templates.value = await core().call('campaigns.templates', {});
  }

  async function show(campaignId: string): Promise<void> {
    shown.value = await core().call('campaigns.get', { campaignId });
  }

  /** What is looked at is read again when it is another. */
  async function refresh(campaignId: string): Promise<void> {
    await Promise.all([load(), ...(shown.value?.id === campaignId ? [show(campaignId)] : [])]);
  }

  const propose = (template: CampaignTemplateId, boardIds: readonly string[]): Promise<CampaignPreview> => core().call('campaigns.propose', { template, boardIds: [...boardIds] });
  const preview = (wish: CampaignWish): Promise<CampaignPreview> => core().call('campaigns.preview', wish);
  const start = async (campaignId: string, wish: CampaignWish): Promise<string> => (await core().call('campaigns.start', { campaignId, wish })).jobId;
  const attach = async (campaignId: string): Promise<string | null> => (await core().call('campaigns.attach', { campaignId })).jobId;
  const cancel = async (campaignId: string): Promise<string> => (await core().call('campaigns.cancel', { campaignId })).jobId;
  const resume = async (campaignId: string): Promise<string> => (await core().call('campaigns.resume', { campaignId })).jobId;

  function forget(): void {
    list.value = [];
    shown.value = null;
  }

  return { list, templates, shown, load, loadTemplates, show, refresh, propose, preview, start, attach, cancel, resume, forget };
});
